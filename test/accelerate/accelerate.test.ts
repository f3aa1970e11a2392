// rnnlab's own layers are registered for loading, too: tf.layers must not notice.
import "rnnlab";
import { nativeOps } from "rnnlab/recurrent-ops";
import { accelerateTests } from "./accelerate-suite.js";

accelerateTests(nativeOps().available ? "fused ops" : "TensorFlow's own ops");
