import { names, testLectures } from "./lectures.js";

// The others are in lectures-first.test.ts: two files run side by side.
testLectures(names.slice(Math.floor(names.length / 2)));
