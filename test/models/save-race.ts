// Saves one of two models to a path again and again, until it is killed; says when the first save is done.
import { layers, tf } from "rnnlab";
import { saveModel } from "rnnlab/models";
import { MinMaxScaler } from "rnnlab/preprocessing";

const [path = "", once] = process.argv.slice(2);

/** Every weight, and the scaler beside, says which of the models this is. */
async function save(value: number): Promise<void> {
  const model = tf.sequential({ layers: [layers.gru({ units: 24, inputShape: [3, 2 + (value % 2)] })] });
  model.setWeights(model.getWeights().map((weight) => tf.fill(weight.shape, value)));
  await saveModel(model, path, value % 3 === 0 ? {} : { scaler: new MinMaxScaler().fit([0, value]) });
  tf.disposeVariables();
  model.dispose();
}

async function main(): Promise<void> {
  const first = process.pid * 1000;
  for (let turn = 1; ; turn++) {
    await save((first + turn) % 65_536);
    if (turn === 1) process.stdout.write("saved\n");
    if (once) return;
  }
}

void main();
