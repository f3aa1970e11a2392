import assert from "node:assert/strict";
import { test } from "node:test";
import { useJupyterHome } from "../../tools/kernel-client/index.js";
import { executedOnce, textOf } from "../../tools/kernel-client/nbconvert.js";

const home = useJupyterHome();

/** A cell, and what it must put out: its text, and in front of a colon the MIME type where it is another one. */
type Step = readonly [source: string, ...outputs: readonly string[]];

/** Notebooks in the style of those that people have written for other kernels, with what each cell puts out. */
const notebooks: Record<string, readonly Step[]> = {
  "a first notebook for ijavascript: undeclared names, callbacks, this": [
    ["// Hello\nconsole.log('Hello, World!')", "Hello, World!\n"],
    ["greeting = 'hi'\nnames = ['ann', 'bob']", "[ 'ann', 'bob' ]"],
    ["for (i = 0; i < names.length; i++) console.log(i, names[i])", "0 ann\n1 bob\n"],
    ["names.forEach(function (name) { last = name })\nlast + i", "'bob2'"],
    [
      "var counter = { count: 0, up: function () { var self = this; [1, 2].forEach(function () { self.count++ }); return this } }\ncounter.up().count",
      "2",
    ],
    [
      "var colour = 'red'\nfunction show() { return this.colour }\n[show(), show.call({ colour: 'blue' })]",
      "[ 'red', 'blue' ]",
    ],
    ["function outer() { inner = 'leaks' }\nouter(); inner", "'leaks'"],
    ["var add = function (a) { return function (b) { return a + b } }\nadd(2)(3)", "5"],
    ["[10, 9, 1].sort()", "[ 1, 10, 9 ]"],
    ["typeof nothing + typeof null + (0.1 + 0.2)", "'undefinedobject0.30000000000000004'"],
    ["x = 010; with (Math) { y = max(x, PI) }\ny", "8"],
  ],
  "ijavascript's asynchronous cells and pictures": [
    ["$$.async();\nsetTimeout(function () { $$.done('Hello after a while') }, 20);", "'Hello after a while'"],
    [
      "var fs = require('fs'), path = require('path'), os = require('os');\nvar file = path.join(os.tmpdir(), 'rnnlab-test-' + process.pid + '.txt');\n$$.async();\nfs.writeFile(file, 'some text', function (error) { $$.sendResult(error || 'written') });",
      "'written'",
    ],
    [
      "$$.async();\nfs.readFile(file, 'utf8', (err, data) => { if (err) return $$.sendError(err); fs.unlinkSync(file); $$.text(data) });",
      "some text",
    ],
    [
      "function bars(values) {\n  var rects = values.map(function (v, k) { return '<rect x=\"' + 10 * k + '\" y=\"' + (20 - v) + '\" width=\"8\" height=\"' + v + '\"/>' });\n  return '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">' + rects.join('') + '</svg>';\n}\n$$.svg(bars([5]));",
      'image/svg+xml: <svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect x="0" y="15" width="8" height="5"/></svg>',
    ],
    ["$$.html('<div style=\"color:olive\">olive</div>');", 'text/html: <div style="color:olive">olive</div>'],
    ["$$.mime({ 'text/html': '<i>m</i>' });", "text/html: <i>m</i>"],
    [
      "function Table(rows) { this.rows = rows }\nTable.prototype._toHtml = function () { return '<table><tr><td>' + this.rows.join('</td><td>') + '</td></tr></table>' };\nnew Table([1, 2])",
      "text/html: <table><tr><td>1</td><td>2</td></tr></table>",
    ],
    [
      "$$.async();\nvar ticks = 0, bar = $$.display('bar');\nvar timer = setInterval(function () { bar.html('<b>' + ++ticks + '</b>'); if (ticks === 3) { clearInterval(timer); $$.done(ticks) } }, 5);",
      "text/html: <b>3</b>",
      "3",
    ],
    [
      "$$.sendResult(new Promise(function (resolve) { setTimeout(resolve, 5, { ok: true }) }))",
      "{ ok: true }",
    ],
    [
      "$$.async();\nvar http = require('http');\nvar server = http.createServer(function (req, res) { res.end('got ' + req.url) }).listen(0, '127.0.0.1', function () {\n  http.get({ port: server.address().port, path: '/page' }, function (res) {\n    var body = '';\n    res.on('data', function (chunk) { body += chunk });\n    res.on('end', function () { server.close(); $$.done(body) });\n  });\n});",
      "'got /page'",
    ],
  ],
  "a lesson on objects, with its classes declared again": [
    [
      "function Animal(name) { this.name = name }\nAnimal.prototype.speak = function () { return this.name + ' makes a noise' };\nfunction Dog() { Animal.apply(this, arguments) }\nDog.prototype = Object.create(Animal.prototype);\nDog.prototype.constructor = Dog;\nvar rex = new Dog('Rex')\nrex.speak()",
      "'Rex makes a noise'",
    ],
    [
      "class Animal { constructor(name) { this.name = name } speak() { return this.name + ' speaks' } }\nclass Dog extends Animal { speak() { return super.speak() + ' and barks' } }\nnew Dog('Rex').speak()",
      "'Rex speaks and barks'",
    ],
    [
      "class Dog extends Animal { get loud() { return this.name.toUpperCase() } static of(n) { return new this(n) } }\nDog.of('rex').loud",
      "'REX'",
    ],
    [
      "const PI = 3;\ntry { PI = 4 } catch (error) { console.log(error.name + ': ' + error.message) }",
      "TypeError: Assignment to constant variable.\n",
    ],
    ["const PI = 3.14;\nlet scope = 'outer'; { let scope = 'inner' }\nscope + PI", "'outer3.14'"],
    [
      "Array.prototype.sum = function () { return this.reduce(function (a, b) { return a + b }, 0) };\n[1, 2, 3].sum()",
      "6",
    ],
    ["var { length, ...others } = { length: 3, a: 1 }; [length, others]", "[ 3, { a: 1 } ]"],
    ["{ name: 'Ann', age: 5 }", "{ name: 'Ann', age: 5 }"],
    ["delete Array.prototype.sum", "true"],
  ],
  "a notebook for jslab: imports, top-level await, tslab": [
    [
      "import { readFileSync } from 'fs';\nimport * as path from 'path';\nexport const base = path.basename('/a/b.txt');\nbase",
      "'b.txt'",
    ],
    ["const tslab = require('tslab');\ntslab.display.html('<h1>title</h1>');", "text/html: <h1>title</h1>"],
    [
      "const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\nawait wait(5);\nlet results = [];\nfor await (const n of (async function* () { yield 1; yield 2 })()) results.push(n);\nresults",
      "[ 1, 2 ]",
    ],
    [
      "async function load() { await wait(1); return { rows: [1, 2, 3] } }\nlet { rows } = await load();\nrows.map((r) => r ** 2)",
      "[ 1, 4, 9 ]",
    ],
    ["/** @param {number} a */\nfunction half(a) { return a / 2 }\nhalf('9')", "4.5"],
    [
      "const { EOL } = await import('os');\nconst util = require('util');\nutil.inspect({ EOL }) + typeof readFileSync",
      "\"{ EOL: '\\\\n' }function\"",
    ],
    [
      "console.table([{ a: 1 }]);\nconsole.error('to stderr')",
      "┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘\n",
      "to stderr\n",
    ],
  ],
  "plain JavaScript as for Deno: modules, fetch, values that show themselves": [
    [
      "const response = await fetch('data:application/json,{\"n\":1}');\nconst data = await response.json();\ndata",
      "{ n: 1 }",
    ],
    ["data.n += 1\ndata.n = 'changed type'\ndata", "{ n: 'changed type' }"],
    [
      "class Chart { [Symbol.for('Jupyter.display')]() { return { 'text/html': '<p>chart</p>' } } }\nnew Chart()",
      "text/html: <p>chart</p>",
    ],
    ["const bytes = new TextEncoder().encode('abc');\nbtoa(String.fromCharCode(...bytes))", "'YWJj'"],
    [
      "const groups = {};\nfor (const word of 'one two three'.split(' ')) (groups[word.length] ??= []).push(word);\ngroups",
      "{ '3': [ 'one', 'two' ], '5': [ 'three' ] }",
    ],
    [
      "import { strict as assert } from 'node:assert';\nassert.equal(new URL('http://h/p?q=1').searchParams.get('q'), '1');",
    ],
    [
      "queueMicrotask(() => console.log('micro'));\nawait null;\nstructuredClone(new Map([[1, { a: 2 }]]))",
      "micro\n",
      "Map(1) { 1 => { a: 2 } }",
    ],
  ],
  "a script that was written for browsers and modules": [
    ["<!-- hide this\n'use strict is not asked for'", "'use strict is not asked for'"],
    ["var app = app || {};\napp.version = '1';\nthis.app === app", "true"],
    [
      "(function (root, factory) {\n  if (typeof define === 'function' && define.amd) define([], factory);\n  else root.Library = factory();\n}(this, function () { return { name: 'lib' } }));\nLibrary.name",
      "'lib'",
    ],
    ["if (true) { function inBlock() { return 'block' } }\ninBlock()", "'block'"],
    ["var factorial = function (n) { return n < 2 ? 1 : n * arguments.callee(n - 1) };\nfactorial(5)", "120"],
    ["switch (typeof app) { case 'object': var found = true; break; default: found = false }\nfound", "true"],
    [
      "outer: for (var r = 0; r < 3; r++) for (var c = 0; c < 3; c++) if (c === 1) continue outer;\n[r, c]",
      "[ 3, 1 ]",
    ],
    [
      "var URL = 'http://example.com';\nvar name = 'n', status = 1, process = require('process');\n[URL, name, status, typeof process.pid]",
      "[ 'http://example.com', 'n', 1, 'number' ]",
    ],
    [
      "function f() { return 1 }\nvar before = f();\nfunction f() { return 2 }\n[before, f.toString()]",
      "[ 2, 'function f() { return 2; }' ]",
    ],
  ],
  "a tutorial whose cells end with statements": [
    ["// a loop\nfor (var i = 1, product = 1; i <= 5; i++) { product *= i }", "120"],
    ["if (product > 100) { 'large' } else { 'small' }", "'large'"],
    ["total = 5; var rate = 2", "5"],
    ["var unit = 'km'"],
    ["function metres(n) { return n * 1000 }"],
    ["try { metres(undefinedLength) } catch (error) { error.name }", "'ReferenceError'"],
    ["switch (unit) { case 'm': 'metres'; break; case 'km': 'kilometres'; break }", "'kilometres'"],
    ["var squares = [];\nfor (const n of [1, 2, 3]) squares.push(n * n)", "3"],
    ["class Clock { static main = new Clock(); tick() { return (this.time = (this.time || 0) + 1) } }"],
    ["while (Clock.main.tick() < 3);\nClock.main.time", "3"],
  ],
};

const sources = (steps: readonly Step[]): string[] => steps.map(([source]) => source);
const written = Object.fromEntries(
  Object.entries(notebooks).map(([name, steps]) => [name, sources(steps)] as const),
);
const cells = executedOnce(home, written, [], "javascript");

for (const [name, steps] of Object.entries(notebooks)) {
  test(`nbconvert runs ${name}`, async () => {
    const executed = await cells(name);
    const found = executed.map(({ outputs }, i) => [sources(steps)[i], ...outputs.map(textOf)]);
    assert.deepEqual(found, steps);
  });
}
