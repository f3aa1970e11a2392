import { names, testLectures } from "./lectures.js";

// The others are in lectures-last.test.ts: two files run side by side.
testLectures(names.slice(0, Math.floor(names.length / 2)));
