"""Writes what the layers of Keras shall give here: keras-layers/*.keras by Keras 3, *.h5 by Keras 2 (tf_keras), the
same models in the other format as keras3.zip/*.h5 and keras2.zip/*.keras, and keras-layers.json with an input of each
model and what it predicts. Each model has one of the layers at least.

Run with: python test/golden/keras-layers.py, in an environment with tensorflow-cpu 2.18.1, keras 3.15.1, tf_keras 2.18.
Names of models as arguments write these alone.
"""

import json
import os
import pathlib
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf
import tf_keras

random = np.random.RandomState(11)
FOLDER = pathlib.Path(__file__).with_suffix("")
series = lambda *shape: np.float32(random.normal(0, 1.5, shape))
words = np.float32([[1, 2, 0, 3, 0], [0, 0, 4, 5, 1], [2, 3, 4, 1, 0]])


def activations(K, is3):
    """Layers that are activations, of either sign; a mask goes through them to the last layer."""
    L = K.layers
    slope = (lambda x: {"negative_slope": x}) if is3 else (lambda x: {"alpha": x})
    x = K.Input((5,))
    y = L.Embedding(6, 4, mask_zero=True)(x)
    y = L.LeakyReLU(**slope(0.2))(L.Dense(4)(y))
    y = L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.25)(L.Dense(4)(y))
    y = L.ELU(alpha=0.7)(L.Dense(4)(y))
    y = L.PReLU(shared_axes=[1])(L.Dense(3)(y))
    y = L.GaussianDropout(0.2)(L.AlphaDropout(0.1)(y))
    return K.Model(x, [L.LSTM(3)(y), L.Softmax()(L.GRU(4)(y))]), [words]


def softmaxes(K, is3):
    """Axes of Softmax, and PReLU without shared axes."""
    L = K.layers
    x = K.Input((4, 3))
    return K.Model(
        x, [L.Softmax(axis=1)(x), L.Softmax(axis=[1, 2])(x), L.PReLU()(x), L.ReLU()(x), L.ReLU(6.0)(x)]
    ), [series(3, 4, 3)]


def pictures(K, is3):
    """Convolution in two dimensions and its pooling."""
    L = K.layers
    x = K.Input((9, 8, 2))
    y = L.Conv2D(3, (3, 2), strides=(2, 1), padding="same", activation="relu")(x)
    z = L.Conv2D(2, 3, dilation_rate=2, use_bias=False)(x)
    outputs = [
        L.MaxPooling2D((2, 3), padding="same")(y),
        L.AveragePooling2D(2, strides=1)(y),
        L.GlobalMaxPooling2D()(z),
        L.GlobalAveragePooling2D()(y),
        L.Flatten()(z),
    ]
    return K.Model(x, outputs), [series(2, 9, 8, 2) * 0.1]


def slicing(K, is3):
    """What stands between brackets."""
    L = K.layers
    x = K.Input((6, 4))
    y = L.LSTM(4, return_sequences=True)(x)
    return K.Model(x, [y[:, -1], y[:, 1:5:2], y[:, ::-1, 1], y[:, -3:, :2], L.Dense(2)(y[:, 0])]), [
        series(3, 6, 4)
    ]


def merging(K, is3):
    """Two inputs at a time."""
    L = K.layers
    x, y = K.Input((4, 3)), K.Input((4, 3))
    a, b = K.Input((5,)), K.Input((5,))
    outputs = [
        L.Subtract()([x, y]),
        L.Dot(axes=1)([x, y]),
        L.Dot(axes=(2, 2), normalize=True)([x, y]),
        L.Dot(axes=-1)([a, b]),
    ]
    return K.Model([x, y, a, b], outputs), [series(3, 4, 3), series(3, 4, 3), series(3, 5), series(3, 5)]


def joined(K, is3):
    """Inputs that are joined along an axis counted from the last, and inputs with different numbers of axes."""
    L = K.layers
    a, b, c, d, e = (K.Input(shape) for shape in [(3, 2), (3, 2), (2, 3, 2), (2, 3, 2), (2,)])
    outputs = [
        L.Concatenate(axis=-2)([a, b]),
        L.Concatenate(axis=-1)([a, b]),
        L.Concatenate(axis=-3)([c, d]),
        L.Concatenate(axis=-2)([c, d]),
        L.Concatenate(axis=2)([c, d]),
        L.Subtract()([a, e]),
        L.Subtract()([e, a]),
        L.Add()([c, e]),
    ]
    shapes = [(2, 3, 2), (2, 3, 2), (2, 2, 3, 2), (2, 2, 3, 2), (2, 2)]
    return K.Model([a, b, c, d, e], outputs), [series(*shape) for shape in shapes]


def adapted(K, is3):
    """Means that were learned, or given."""
    L = K.layers
    learned = L.Normalization()
    learned.adapt(series(50, 4, 3) * 2 + 1)
    steps = L.Normalization(axis=(1, 2))
    steps.adapt(series(50, 4, 3) * 3 - 1)
    x = K.Input((4, 3))
    given = L.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 0.5, 2.0])
    outputs = [learned(x), steps(x), given(x), L.Normalization(axis=None, mean=0.5, variance=2.0)(x)]
    if is3:
        outputs.append(L.Normalization(mean=1.0, variance=4.0, invert=True)(x))
    return K.Model(x, outputs), [series(3, 4, 3)]


def pooled(K, is3):
    """The mean of the steps that count."""
    L = K.layers
    x = K.Input((5,))
    y = L.GRU(3, return_sequences=True)(L.Embedding(6, 4, mask_zero=True)(x))
    return K.Model(x, L.Dense(2)(L.GlobalAveragePooling1D()(y))), [words]


def penalised(K, is3):
    """Penalties of outputs."""
    L = K.layers
    x = K.Input((4, 3))
    y = L.LSTM(3, return_sequences=True, activity_regularizer=K.regularizers.L2(0.25))(x)
    y = L.GRU(2, activity_regularizer=K.regularizers.L1L2(0.125, 0.5))(y)
    return K.Model(x, L.Dense(1, activity_regularizer="l1")(y)), [series(3, 4, 3)]


def cells(K, is3):
    """RNN of cells, one and several, with masks, directions and states."""
    L = K.layers
    x = K.Input((5,))
    y = L.Embedding(6, 4, mask_zero=True)(x)
    stack = [
        L.GRUCell(3, dropout=0.1),
        L.LSTMCell(4, recurrent_activation="hard_sigmoid" if is3 else "softsign"),
        L.SimpleRNNCell(2),
    ]
    both = L.Bidirectional(L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True))(y)
    outputs = [
        L.RNN(stack, return_sequences=True)(y),
        L.RNN(
            [L.GRUCell(3, reset_after=False, use_bias=False), L.GRUCell(2)],
            go_backwards=True,
            return_sequences=True,
        )(y),
        L.RNN(L.LSTMCell(3))(both),
        L.LSTM(2)(L.RNN(L.SimpleRNNCell(3), return_sequences=True)(y)),
    ]
    return K.Model(x, outputs), [words]


def begun(K, is3):
    """States beside a masked input: Keras 3 keeps the mask from the layer, and gives it to the output all the same."""
    L = K.layers
    x, h, c = K.Input((5,)), K.Input((3,)), K.Input((3,))
    y = L.Embedding(6, 4, mask_zero=True)(x)
    y = L.LSTM(3, return_sequences=True)(y, initial_state=[h, c])
    both = L.Bidirectional(L.GRU(3, return_sequences=True))(y, initial_state=[h, c])
    return K.Model([x, h, c], [y, L.GRU(2)(y), L.GRU(2)(both)]), [words, series(3, 3), series(3, 3)]


def states(K, is3):
    """The states of stacks, which go in and come out."""
    L = K.layers
    x = K.Input((4, 3))
    seen = L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_state=True)
    y, first, last = seen(x)
    again = L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True)(x, initial_state=[first, last])
    one = L.RNN(L.GRUCell(3), return_state=True)(x)
    return K.Model(
        x, [y, *first, *([last] if is3 else last if isinstance(last, list) else [last]), again, *one]
    ), [series(2, 4, 3)]


def attending(K, is3):
    """Attention between sequences and within one, with masks, keys, causal, with scores as outputs."""
    L = K.layers
    x, y = K.Input((5,)), K.Input((4,))
    a, b = L.Embedding(6, 4, mask_zero=True)(x), L.Embedding(6, 4, mask_zero=True)(y)
    plain = L.Dense(4)(L.Reshape((5, 4))(a))
    outputs = [
        L.Attention()([a, b]),
        L.Attention(use_scale=True, score_mode="concat", dropout=0.2)([a, b, L.Dense(4)(b)]),
        *L.Attention(score_mode="concat")([plain, b], return_attention_scores=True, use_causal_mask=True),
        L.AdditiveAttention()([a, b]),
        L.AdditiveAttention(use_scale=False)([b, plain]),
        L.GlobalAveragePooling1D()(L.Attention(use_scale=True)([b, a])),
    ]
    return K.Model([x, y], outputs), [words, words[:, ::-1][:, :4]]


def heads(K, is3):
    """MultiHeadAttention with masks, sizes, a mask of its own, and what follows it."""
    L = K.layers
    x, y, m = K.Input((5,)), K.Input((4,)), K.Input((5, 4), dtype="bool")
    embedded = lambda ids: L.Embedding(6, 4, mask_zero=True)(ids)
    a, b = embedded(x), embedded(y)
    plain = L.Dense(4)(L.Reshape((5, 4))(embedded(x)))
    c = L.MultiHeadAttention(2, 3)(a, b)
    d = embedded(y)
    first = L.MultiHeadAttention(2, 3, value_dim=5, dropout=0.1 if is3 else 0)(
        plain, d, L.Dense(4)(d), use_causal_mask=True
    )
    second = L.MultiHeadAttention(3, 2, output_shape=7 if is3 else (7,), use_bias=False)(
        plain, embedded(y), attention_mask=m
    )
    third, scores = L.MultiHeadAttention(2, 2)(
        plain, plain, return_attention_scores=True, use_causal_mask=True
    )
    block = L.LayerNormalization()(L.Dense(4)(L.MultiHeadAttention(2, 2)(plain, plain)))
    return K.Model([x, y, m], [c, L.LSTM(3)(c), first, second, third, scores, block]), [
        words,
        words[:, ::-1][:, :4],
        np.float32(random.normal(0, 1, (3, 5, 4)) > -0.6),
    ]


def convolving(K, is3):
    """Convolutions over time, causal and transposed, and over pictures in time."""
    L = K.layers
    # The default of Keras 2, which Keras 3 does not have, stands in the files of keras-versions.
    gates = {} if is3 else {"recurrent_activation": "sigmoid"}
    x, film = K.Input((7, 3)), K.Input((4, 6, 5, 2))
    h, a, b = L.ConvLSTM2D(2, (3, 2), **gates, return_state=True)(film)
    again = L.ConvLSTM2D(2, (3, 2), **gates, recurrent_dropout=0.1)(film, initial_state=[a, b])
    outputs = [
        L.Conv1D(2, 3, padding="causal", dilation_rate=2, activation="relu")(x),
        L.Conv1D(2, 2, padding="causal", strides=3, use_bias=False)(x),
        L.Conv1DTranspose(4, 3, strides=2, activation="tanh")(x),
        L.Conv1DTranspose(4, 2, strides=3, padding="same", use_bias=False)(x),
        L.Conv1DTranspose(2, 3)(x),
        h,
        b,
        again,
        L.ConvLSTM2D(
            3, 2, **gates, strides=2, padding="same", return_sequences=True, go_backwards=True, dropout=0.2
        )(film),
        L.ConvLSTM2D(2, 3, **gates, dilation_rate=2, use_bias=False, padding="same", activation="softsign")(
            film
        ),
    ]
    if is3:
        outputs.append(L.ConvLSTM2D(2, 2, data_format="channels_first", return_sequences=True)(film))
    return K.Model([x, film], outputs), [series(2, 7, 3), series(2, 4, 6, 5, 2) * 0.5]


def merged(K, is3):
    """Masks that meet: those of two inputs, and one beside none."""
    L = K.layers
    x, y = K.Input((5,)), K.Input((5,))
    a, b = L.Embedding(6, 4, mask_zero=True)(x), L.Embedding(6, 4, mask_zero=True)(y)
    plain = L.Dense(4)(L.Reshape((5, 4))(a))
    outputs = [
        L.LSTM(2)(L.Add()([a, b])),
        L.GlobalAveragePooling1D()(L.Maximum()([a, b, L.Dense(4)(a)])),
        L.LSTM(2)(L.Dense(3)(L.Concatenate()([a, plain]))),
        L.LSTM(2)(L.Concatenate()([a, b])),
        L.GRU(2, return_sequences=True)(L.Concatenate(axis=1)([a, b])),
        L.LSTM(2)(L.Subtract()([plain, a])),
        L.GlobalAveragePooling1D()(L.Average()([L.Dropout(0.1)(a), L.Multiply()([a, b])])),
    ]
    return K.Model([x, y], outputs), [words, words[:, ::-1]]


def operations(K, is3):
    """What is computed between layers, by operators and functions."""
    L, o = K.layers, K.ops if is3 else tf
    x, ids = K.Input((6, 4)), K.Input((5,))
    y = L.LSTM(4, return_sequences=True)(x)
    mean, total = (o.mean, o.sum) if is3 else (tf.reduce_mean, tf.reduce_sum)
    lead = o.max(x, axis=1) if is3 else tf.reduce_max(x, axis=1)
    counts = o.expand_dims(o.cast(o.not_equal(ids, 0), "float32"), -1)
    e = L.Embedding(6, 4)(ids)
    halves = [x + 1, 2.5 - y]
    outputs = [
        1 / (x * x + np.float32([1, 2, 3, 4])),
        mean(x**2, axis=(1, 2) if is3 else [1, 2], keepdims=True) - y,
        o.reshape(y, (-1, 12, 2)),
        o.transpose(x, (0, 2, 1)) @ y,
        o.squeeze(o.expand_dims(lead, 1), 1),
        o.concatenate(halves, axis=1) if is3 else tf.concat(halves, axis=1),
        o.stack([x, y], axis=1),
        o.where(x > 0, y, 0.0),
        o.maximum(o.exp(-o.abs(x)), 0.3),
        o.softmax(x, axis=1) if is3 else tf.nn.softmax(x, axis=1),
        o.clip(x, -0.5, 0.5) if is3 else tf.clip_by_value(x, -0.5, 0.5),
        total(e * counts, axis=1) / total(counts, axis=1),
        L.Dense(2)(x[:, -1] - y[:, 0]),
        o.sqrt(o.std(x, axis=1)) if is3 else tf.sqrt(tf.math.reduce_std(x, axis=1)),
        o.tile(lead, (1, 2)) + (o.flip(lead, axis=1) if is3 else tf.reverse(lead, [1]))[:, :1],
    ]
    return K.Model([x, ids], outputs), [series(3, 6, 4), words]


def masked_operations(K, is3):
    """Masks end at operations, but not at those that do nothing; and they may be computed."""
    L, o = K.layers, K.ops if is3 else tf
    x = K.Input((5,))
    y = L.Embedding(6, 4, mask_zero=True)(x)
    outputs = [
        L.LSTM(2)(y + y),
        L.LSTM(2)(y * 2.0),
        L.LSTM(2)(o.cast(y, "float32")),
        L.LSTM(2)(y, mask=o.not_equal(x, 3)),
        L.GRU(2)(L.Add()([y, y])),
    ]
    return K.Model(x, outputs), [words]


def shaped(K, is3):
    """Layers without weights that change shapes or values; and pooling that keeps its axes."""
    L = K.layers
    x, picture, ids = K.Input((6, 4)), K.Input((7, 6, 3)), K.Input((5,))
    masked = L.Embedding(6, 4, mask_zero=True)(ids)
    outputs = [
        L.UpSampling1D(3)(L.ZeroPadding1D((1, 2))(x)),
        L.Cropping1D((1, 2))(L.Rescaling(0.5, offset=[1.0, 2, 3, 4])(x)),
        L.UpSampling2D((2, 3))(L.ZeroPadding2D(((1, 2), (3, 0)))(picture)),
        L.UpSampling2D(2, interpolation="bilinear")(L.Cropping2D(((1, 2), (0, 3)))(picture)),
        L.Cropping2D(1)(L.ZeroPadding2D(2)(L.SpatialDropout2D(0.2)(picture))),
        L.UnitNormalization()(x),
        L.UnitNormalization(axis=[1, 2])(x),
        L.GlobalMaxPooling1D(keepdims=True)(x),
        L.GlobalAveragePooling1D(keepdims=True)(masked),
        L.GlobalMaxPooling2D(keepdims=True)(picture),
        L.GlobalAveragePooling2D(keepdims=True)(picture),
        L.LSTM(2)(L.Rescaling(2.0)(masked)),
        L.LSTM(2)(L.Identity()(masked)),
        L.LSTM(2)(L.UnitNormalization()(masked)),
        L.GRU(2)(L.ZeroPadding1D(1)(masked)),
    ]
    return K.Model([x, picture, ids], outputs), [series(3, 6, 4), series(3, 7, 6, 3), words]


def activated(K, is3):
    """Activations by name, and layers that stand for them."""
    L = K.layers
    slope = (lambda x: {"negative_slope": x}) if is3 else (lambda x: {"alpha": x})
    names = ["elu", "exponential", "gelu", "mish", "relu", "selu", "silu", "softplus", "softsign", "swish"]
    if is3:
        names += [
            "celu",
            "hard_shrink",
            "hard_silu",
            "hard_swish",
            "hard_tanh",
            "leaky_relu",
            "log_sigmoid",
            "relu6",
        ]
        names += ["soft_shrink", "sparse_plus", "sparse_sigmoid", "squareplus", "tanh_shrink"]
    x = K.Input((6, 4))
    objects = [
        L.LeakyReLU(),
        L.LeakyReLU(**slope(0.2)),
        L.ReLU(max_value=1.0, threshold=0.1),
        L.ELU(0.5),
        L.Softmax(axis=1),
    ]
    outputs = [L.Activation(name)(x) for name in names] + [L.Dense(4, activation=each)(x) for each in objects]
    outputs += [
        L.LSTM(3, activation=L.LeakyReLU(**slope(0.1)))(0.1 * x),
        L.Conv1D(3, 2, activation=L.ELU())(x),
        L.Activation(L.ReLU(1.0))(x),
    ]
    return K.Model(x, outputs), [series(3, 6, 4) * 0.5]


def encoded(K, is3):
    """Numbers of categories, and of bins."""
    L = K.layers
    i, j, x = K.Input((3,)), K.Input((1,)), K.Input((4,))
    modes = ["int", "multi_hot", "count"]
    outputs = [L.CategoryEncoding(6, output_mode=mode)(i) for mode in modes[1:]] + [
        L.CategoryEncoding(6, output_mode="one_hot")(j)
    ]
    outputs += [L.Discretization([-1.0, 0.0, 0.5], output_mode=mode)(x) for mode in modes]
    return K.Model([i, j, x], outputs), [
        words[:, 1:4],
        words[:, 1:2],
        np.float32([[-1, -2, 0, 0.2], [0.5, 3, -0.5, 1], [0, 1, 2, -1]]),
    ]


def zeroed(K, is3):
    """Zeros where steps are masked; what an LSTM has learned beside its weights; both directions, not joined."""
    L = K.layers
    x = K.Input((5,))
    y = L.Embedding(6, 4, mask_zero=True)(x)
    outputs = [
        L.LSTM(3, return_sequences=True, zero_output_for_mask=True)(y),
        L.GRU(3, zero_output_for_mask=True)(y),
        L.GRU(3, go_backwards=True, return_sequences=True, zero_output_for_mask=True)(y),
        L.SimpleRNN(3, go_backwards=True, zero_output_for_mask=True)(y),
        L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True, zero_output_for_mask=True)(y),
        *L.Bidirectional(L.LSTM(2), merge_mode=None)(y),
    ]
    return K.Model(x, outputs), [words]


def channelwise(K, is3):
    """Convolutions in which each channel has kernels of its own, over time and over pictures."""
    L = K.layers
    x, picture, ids = K.Input((9, 3)), K.Input((7, 6, 2)), K.Input((5,))
    masked = L.Embedding(6, 4, mask_zero=True)(ids)
    outputs = [
        L.DepthwiseConv1D(3, strides=2, padding="same", depth_multiplier=2, activation="tanh")(x),
        L.DepthwiseConv1D(2, dilation_rate=3, use_bias=False)(x),
        L.DepthwiseConv2D((3, 2), strides=2, padding="same", depth_multiplier=3)(picture),
        L.DepthwiseConv2D(2, dilation_rate=2, padding="same")(picture),
        L.SeparableConv1D(4, 3, depth_multiplier=2, activation="relu", activity_regularizer="l2")(x),
        L.SeparableConv1D(2, 4, strides=3, padding="same", use_bias=False)(x),
        L.SeparableConv2D(3, (2, 3), strides=2, depth_multiplier=2)(picture),
        L.SeparableConv2D(3, 2, dilation_rate=(2, 1))(picture),
        L.LSTM(2)(L.SeparableConv1D(3, 3, padding="same")(masked)),
    ]
    if not is3:
        outputs.append(L.SeparableConv1D(2, 3, padding="causal", dilation_rate=2)(x))
    return K.Model([x, picture, ids], outputs), [series(3, 9, 3) * 0.3, series(3, 7, 6, 2) * 0.3, words]


def transposed(K, is3):
    """Transposed convolutions with dilation and output padding, and of pictures."""
    L = K.layers
    x, picture = K.Input((5, 3)), K.Input((4, 5, 2))
    outputs = [
        L.Conv1DTranspose(2, 3, dilation_rate=2)(x),
        L.Conv1DTranspose(2, 4, strides=3, padding="same", output_padding=1)(x),
        L.Conv1DTranspose(2, 3, strides=2, output_padding=0, activity_regularizer="l1")(x),
        L.Conv2DTranspose(3, (3, 2), strides=(2, 1), activation="relu")(picture),
        L.Conv2DTranspose(3, 3, strides=2, padding="same", use_bias=False)(picture),
        L.Conv2DTranspose(2, (2, 3), strides=2, padding="same", output_padding=1)(picture),
    ]
    return K.Model([x, picture], outputs), [series(2, 5, 3), series(2, 4, 5, 2)]


def grouped(K, is3):
    """GroupNormalization over any axis, and after a mask."""
    L = K.layers
    x, picture, ids = K.Input((6, 4)), K.Input((5, 4, 6)), K.Input((5,))
    outputs = [
        L.GroupNormalization(2)(x),
        L.GroupNormalization(3, axis=1, epsilon=0.1)(x),
        L.GroupNormalization(-1, scale=False)(picture),
        L.GroupNormalization(2, axis=-2, center=False)(picture),
        L.GroupNormalization(1)(L.Flatten()(x)),
    ]
    masked = L.Embedding(6, 4, mask_zero=True)(ids)
    # Keras 2 cannot compute it.
    outputs.append(L.LSTM(2)(L.GroupNormalization(2)(masked) if is3 else masked))
    return K.Model([x, picture, ids], outputs), [series(3, 6, 4), series(3, 5, 4, 6), words]


def flattened(K, is3):
    """Flatten of any rank, and slices with new axes; those with ... only where Keras can save them."""
    L = K.layers
    x, row, picture = K.Input((6, 4)), K.Input((5,)), K.Input((3, 4, 5))
    outputs = [
        L.Flatten()(row),
        L.Flatten()(picture),
        L.Flatten(data_format="channels_first")(x),
        L.Flatten(data_format="channels_first")(picture),
        x[:, None],
        x[:, 1:3, None, 0],
        x[:, -1, :, None],
    ]
    if is3:
        outputs += [
            x[..., -1],
            picture[..., 1:, ::2],
            picture[:, 1, ..., 0],
            x[..., None],
            L.LSTM(2)(x[..., :2]),
        ]
    return K.Model([x, row, picture], outputs), [series(3, 6, 4), series(3, 5), series(3, 3, 4, 5)]


def residual(K, is3):
    """Attention with a way around it: the mask that follows is known, though MultiHeadAttention has taken it away."""
    L = K.layers
    x = K.Input((5,))
    e = L.Embedding(6, 4, mask_zero=True)(x)
    block = L.LayerNormalization()(L.Add()([e, L.MultiHeadAttention(2, 4)(e, e)]))
    again = L.Add(name="sum")([block, L.Dense(4)(block)])
    return K.Model(x, [L.LSTM(2)(block), L.GlobalAveragePooling1D()(again)]), [words]


def reshaped(K, is3):
    """Sizes that follow from the others, with layers behind them whose weights need these sizes."""
    L = K.layers
    x = K.Input((4, 3))
    steps = L.Reshape((-1, 2))(x)
    outputs = [
        L.PReLU()(L.Reshape((-1, 1))(x)),
        L.Dense(2)(L.Permute((2, 1))(steps)),
        L.Dense(2)(L.Reshape((-1,))(steps)),
        L.Dense(2)(L.Flatten()(L.LSTM(2, return_sequences=True)(steps))),
        L.Reshape((2, -1, 2))(x),
    ]
    return K.Model(x, outputs), [series(3, 4, 3)]


def film(K, is3):
    """ConvLSTM2D with the default of its version for the gates, which has another slope in Keras 2."""
    L = K.layers
    x = K.Input((4, 6, 5, 2))
    return K.Model(x, L.ConvLSTM2D(2, 3, recurrent_activation="hard_sigmoid", return_sequences=True)(x)), [
        series(2, 4, 6, 5, 2)
    ]


def rooted(K, is3):
    """RMSNormalization, also where it ends a mask, and pooling of pictures whose channels come first."""
    L = K.layers
    x, picture = K.Input((5,)), K.Input((2, 6, 7))
    y = L.RMSNormalization(epsilon=0.01)(L.Embedding(6, 4, mask_zero=True)(x))
    first = {"data_format": "channels_first"}
    pooled = [
        L.MaxPooling2D((2, 3), **first)(picture),
        L.AveragePooling2D(2, padding="same", **first)(picture),
    ]
    return K.Model([x, picture], [L.LSTM(3)(y), L.RMSNormalization()(y), *pooled]), [
        words,
        series(3, 2, 6, 7),
    ]


MODELS = [
    activations,
    softmaxes,
    pictures,
    slicing,
    merging,
    adapted,
    pooled,
    penalised,
    cells,
    begun,
    states,
    attending,
    heads,
    convolving,
    merged,
    operations,
    masked_operations,
    shaped,
    activated,
    encoded,
    zeroed,
    channelwise,
    transposed,
    grouped,
    flattened,
    residual,
    reshaped,
    film,
    joined,
]
# Of Keras 3 alone
NEWER = [rooted]
numbers = lambda array: [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]
tensor = lambda array: {"shape": list(array.shape), "values": numbers(array)}


def draw(weight, value):
    values = series(*value.shape) * 0.5
    name = getattr(weight, "path", weight.name)
    return (
        value
        if "normalization" in name or "count" in name or "mean" in name or "variance" in name
        else values
    )


def archive(model, archived, name):
    """Puts a model into an archive, in the place of one of before."""
    path = FOLDER / archived
    files = {}
    if path.exists():
        with zipfile.ZipFile(path) as old:
            files = {each: old.read(each) for each in old.namelist()}
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / name
        model.save(file)
        files[name] = file.read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in sorted(files):
            new.writestr(each, files[each])


def write():
    FOLDER.mkdir(exist_ok=True)
    text = pathlib.Path(__file__).with_suffix(".json")
    cases = json.loads(text.read_text())["models"] if sys.argv[1:] else {}
    for K, is3, extension in [(keras, True, "keras"), (tf_keras, False, "h5")]:
        for make in MODELS + (NEWER if is3 else []):
            if sys.argv[1:] and make.__name__ not in sys.argv[1:]:
                continue
            K.backend.clear_session()
            K.utils.set_random_seed(3)
            random.seed(len(make.__name__))
            model, inputs = make(K, is3)
            model.set_weights([draw(w, v) for w, v in zip(model.weights, model.get_weights())])
            model.save(FOLDER / f"{make.__name__}.{extension}")
            if (
                is3 and make is not cells
            ):  # whose weights have one name in an .h5 file, which Keras cannot write
                archive(model, "keras3.zip", f"{make.__name__}.h5")
            if not is3:
                archive(model, "keras2.zip", f"{make.__name__}.keras")
            outputs = model(inputs if len(inputs) > 1 else inputs[0])
            cases[f"{make.__name__}.{extension}"] = {
                "inputs": [tensor(x) for x in inputs],
                "outputs": [tensor(np.asarray(y)) for y in tf.nest.flatten(outputs)],
            }
    versions = {"keras": keras.__version__, "tf_keras": tf_keras.__version__, "tensorflow": tf.__version__}
    written = json.dumps({**versions, "models": cases}, separators=(",", ":")).replace(
        '"inputs"', '\n"inputs"'
    )
    text.write_text(written + "\n")


write()
