import { nativeOps } from "rnnlab/recurrent-ops";
import { accelerateTests } from "./accelerate-suite.js";

accelerateTests(nativeOps().available ? "fused ops" : "TensorFlow's own ops");
