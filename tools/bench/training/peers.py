"""Trains one workload with Keras, Torch or JAX: `peers.py keras|torch|jax SAMPLES`, as worker.ts does with tfjs.

`peers.py list` prints those that this Python has.
"""

import importlib.util
import json
import os
import resource
import sys
import time

NEEDS = {"keras": ["keras", "tensorflow"], "torch": ["torch"], "jax": ["jax", "optax"]}
GATES = {"simpleRNN": 1, "lstm": 4, "gru": 3}


def read_samples(path):
    """The file's header, weights, inputs and targets."""
    import numpy as np

    with open(path + ".json", encoding="utf-8") as file:
        header = json.load(file)

    def read(place):
        count = int(np.prod(place["shape"]))
        values = np.fromfile(path + ".bin", place["dtype"], count, offset=4 * place["offset"])
        return values.reshape(place["shape"])

    weights = [read(place) for place in header["weights"]]
    return header["workload"], weights, read(header["x"]), read(header["y"])


def keras_trainer(workload, weights, x, y):
    """Keras on TensorFlow, as its guides have it: compile and fit."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    from keras import layers

    kinds = {"simpleRNN": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
    model = keras.Sequential([keras.Input(x.shape[1:], dtype=x.dtype)])
    source = workload["input"]
    if isinstance(source, dict):
        model.add(
            layers.Embedding(source["vocabulary"], source["vector"], mask_zero=source.get("masked", False))
        )
    for index, part in enumerate(workload["layers"]):
        more = {"return_sequences": index + 1 < len(workload["layers"])}
        layer = kinds[part["cell"]](part["units"], activation=part.get("activation", "tanh"), **more)
        model.add(layers.Bidirectional(layer) if part.get("bidirectional") else layer)
    activation = {
        "meanSquaredError": "linear",
        "binaryCrossentropy": "sigmoid",
        "categoricalCrossentropy": "softmax",
    }
    model.add(layers.Dense(workload["outputs"], activation=activation[workload["loss"]]))
    loss = {
        "meanSquaredError": "mse",
        "binaryCrossentropy": "bce",
        "categoricalCrossentropy": "categorical_crossentropy",
    }
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss[workload["loss"]])
    model.set_weights(weights)
    options = {"batch_size": workload["batch"], "epochs": 1, "shuffle": False, "verbose": 0}
    return lambda: model.fit(x, y, **options).history["loss"][0]


def torch_trainer(workload, weights, x, y):
    """Torch with its own recurrent modules; masked rows as packed sequences."""
    import torch
    from torch import nn

    kinds = {"simpleRNN": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    source = workload["input"]
    given = [torch.from_numpy(weight.copy()) for weight in weights]

    def ordered(cell, columns):
        """Keras has i, f, g, o and z, r, c; Torch i, f, g, o and r, z, n."""
        blocks = list(columns.chunk(GATES[cell], -1))
        if cell == "gru":
            blocks[:2] = reversed(blocks[:2])
        return torch.cat(blocks, -1)

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            rest = list(given)
            self.table = (
                nn.Embedding.from_pretrained(rest.pop(0), freeze=False) if isinstance(source, dict) else None
            )
            self.layers = nn.ModuleList()
            for part in workload["layers"]:
                cell, both = part["cell"], part.get("bidirectional", False)
                more = {"nonlinearity": part.get("activation", "tanh")} if cell == "simpleRNN" else {}
                layer = kinds[cell](
                    rest[0].shape[0], part["units"], batch_first=True, bidirectional=both, **more
                )
                for end in ["", "_reverse"] if both else [""]:
                    kernel, recurrent, bias = (ordered(cell, rest.pop(0)) for _ in range(3))
                    biases = bias if cell == "gru" else torch.stack([bias, torch.zeros_like(bias)])
                    for name, value in (
                        ("weight_ih", kernel.T),
                        ("weight_hh", recurrent.T),
                        ("bias_ih", biases[0]),
                        ("bias_hh", biases[1]),
                    ):
                        getattr(layer, f"{name}_l0{end}").data.copy_(value)
                if cell != "gru":
                    # One bias, as in Keras: the other stays zero.
                    for name, parameter in layer.named_parameters():
                        if name.startswith("bias_hh"):
                            parameter.requires_grad_(False)
                self.layers.append(layer)
            self.dense = nn.Linear(rest[0].shape[0], workload["outputs"])
            self.dense.weight.data.copy_(rest[0].T)
            self.dense.bias.data.copy_(rest[1])

        def forward(self, value):
            lengths = (value != 0).sum(1) if isinstance(source, dict) and source.get("masked") else None
            if self.table is not None:
                value = self.table(value)
            if lengths is not None:
                value = nn.utils.rnn.pack_padded_sequence(
                    value, lengths, batch_first=True, enforce_sorted=False
                )
            for layer in self.layers:
                value, last = layer(value)
            last = last[0] if isinstance(last, tuple) else last
            return self.dense(torch.cat(list(last), -1))

    losses = {
        "meanSquaredError": nn.functional.mse_loss,
        "binaryCrossentropy": nn.functional.binary_cross_entropy_with_logits,
        "categoricalCrossentropy": nn.functional.cross_entropy,
    }
    loss_of = losses[workload["loss"]]
    model = Model()
    adam = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.001, eps=1e-7)
    inputs, targets, size = torch.from_numpy(x).contiguous(), torch.from_numpy(y), workload["batch"]

    def run():
        total = torch.zeros(())
        for start in range(0, len(inputs), size):
            adam.zero_grad(set_to_none=True)
            loss = loss_of(model(inputs[start : start + size]), targets[start : start + size])
            loss.backward()
            adam.step()
            total += loss.detach()
        return total.item() / (len(inputs) // size)

    return run


def jax_trainer(workload, weights, x, y):
    """JAX with one jitted step, `lax.scan` through time and optax's Adam."""
    import jax
    import jax.numpy as jnp
    import optax

    source = workload["input"]

    def cell_step(cell, activation, kernels, states, z):
        _, recurrent, bias = kernels
        h = states[0]
        if cell == "simpleRNN":
            return [activation(z + h @ recurrent)]
        if cell == "lstm":
            i, f, g, o = jnp.split(z + h @ recurrent, 4, -1)
            c = jax.nn.sigmoid(f) * states[1] + jax.nn.sigmoid(i) * activation(g)
            return [jax.nn.sigmoid(o) * activation(c), c]
        zu, zr, zc = jnp.split(z, 3, -1)
        hu, hr, hc = jnp.split(h @ recurrent + bias[1], 3, -1)
        u = jax.nn.sigmoid(zu + hu)
        return [u * h + (1 - u) * activation(zc + jax.nn.sigmoid(zr + hr) * hc)]

    def through_time(part, kernels, value, mask, backwards):
        cell = part["cell"]
        activation = jax.nn.relu if part.get("activation") == "relu" else jnp.tanh
        z = value @ kernels[0] + (kernels[2][0] if cell == "gru" else kernels[2])
        zeros = jnp.zeros((value.shape[0], part["units"]), "float32")

        def step(states, now):
            z, counts = now
            new = cell_step(cell, activation, kernels, states, z)
            if counts is not None:
                new = [jnp.where(counts[:, None], after, before) for after, before in zip(new, states)]
            return new, new[0]

        times = (z.swapaxes(0, 1), None if mask is None else mask.T)
        states, outputs = jax.lax.scan(step, [zeros] * (2 if cell == "lstm" else 1), times, reverse=backwards)
        return states[0], outputs.swapaxes(0, 1)

    def predict(weights, value):
        rest = list(weights)
        mask = None
        if isinstance(source, dict):
            mask = value != 0 if source.get("masked") else None
            value = rest.pop(0)[value]
        for index, part in enumerate(workload["layers"]):
            results = []
            for backwards in [False, True] if part.get("bidirectional") else [False]:
                kernels = [rest.pop(0) for _ in range(3)]
                results.append(through_time(part, kernels, value, mask, backwards))
            is_last = index + 1 == len(workload["layers"])
            value = jnp.concatenate([last if is_last else outputs for last, outputs in results], -1)
        return value @ rest[0] + rest[1]

    def loss_of(weights, value, target):
        output = predict(weights, value)
        if workload["loss"] == "meanSquaredError":
            return jnp.mean((output - target) ** 2)
        if workload["loss"] == "binaryCrossentropy":
            return optax.sigmoid_binary_cross_entropy(output, target).mean()
        return optax.softmax_cross_entropy(output, target).mean()

    adam = optax.adam(0.001, eps=1e-7)

    @jax.jit
    def step(weights, state, value, target):
        loss, gradients = jax.value_and_grad(loss_of)(weights, value, target)
        updates, state = adam.update(gradients, state)
        return optax.apply_updates(weights, updates), state, loss

    now = {"weights": [jnp.asarray(weight) for weight in weights]}
    now["state"] = adam.init(now["weights"])
    size = workload["batch"]
    batches = [
        (jnp.asarray(x[start : start + size]), jnp.asarray(y[start : start + size]))
        for start in range(0, len(x), size)
    ]

    def run():
        total = 0
        for value, target in batches:
            now["weights"], now["state"], loss = step(now["weights"], now["state"], value, target)
            total += loss
        return float(total) / len(batches)

    return run


def resident_mib():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main():
    if sys.argv[1] == "list":
        print(
            json.dumps(
                [name for name, modules in NEEDS.items() if all(map(importlib.util.find_spec, modules))]
            )
        )
        return
    trainers = {"keras": keras_trainer, "torch": torch_trainer, "jax": jax_trainer}
    workload, weights, x, y = read_samples(sys.argv[2])
    run = trainers[sys.argv[1]](workload, weights, x, y)
    for _ in sys.stdin:
        start = time.perf_counter()
        loss = run()
        result = {
            "msPerStep": (time.perf_counter() - start) * 1000 / workload["batches"],
            "loss": loss,
            "residentMiB": resident_mib(),
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print("\nbench result: " + json.dumps(result), flush=True)


main()
