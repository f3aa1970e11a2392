import { nativeOps } from "rnnlab/recurrent-ops";
import { goldenTests } from "./golden-suite.js";

goldenTests(nativeOps().available ? "fused ops" : "TensorFlow's own ops");
