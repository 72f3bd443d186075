/* feelin's side of deployment/bench/feel.py: reads one request a line, answers each with one line of JSON.

   "Text" hands feelin the text each time, which is how its own functions are called. "Kept" parses once: each text is
   evaluated as the body of a FEEL function, and the function is called from then on. */

import { createInterface } from 'node:readline';
import { evaluate, unaryTest } from 'feelin';

const context = (given) =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('@') ? evaluate(`@"${value.slice(1)}"`).value : value
    ])
  );

function conditionByText(text) {
  return (given) => evaluate(text, given).value;
}

function conditionKept(text, names) {
  const kept = evaluate(`function(${names.join(', ')}) ${text}`).value;
  return (given) => kept.invoke(names.map((name) => given[name]));
}

const byText = {
  test: (cell) => (value, given) => unaryTest(cell, { ...given, '?': value }).value,
  value: (text) => (given) => evaluate(text, given).value
};

const kept = {
  test: (cell) => {
    const compiled = evaluate(`function(value) value in (${cell})`).value;
    return (value) => compiled.invoke([value]);
  },
  value: (text, names) => {
    const compiled = evaluate(`function(${names.join(', ')}) ${text}`).value;
    return (given) => compiled.invoke(names.map((name) => given[name]));
  }
};

/* A table of the hit policy UNIQUE: each input once, cells until one fails, outputs of the one rule that matches. */
function table({ inputs, outputs, rules }, { test, value }) {
  const names = inputs;
  const expressions = inputs.map((text) => value(text, names));
  const rows = rules.map(([cells, results]) => [
    cells.map((cell) => (cell === '-' ? null : test(cell))),
    results.map((text) => value(text, names))
  ]);
  return (given) => {
    const values = expressions.map((expression) => expression(given));
    const matching = rows.filter(([tests]) => tests.every((passes, at) => passes === null || passes(values[at], given) === true));
    if (matching.length > 1) throw new Error('more than one rule matches');
    if (matching.length === 0) return null;
    return Object.fromEntries(matching[0][1].map((result, at) => [outputs[at], result(given)]));
  };
}

const subjects = {};

const verbs = {
  prepare({ condition, conditions, table: drawn, contexts }) {
    const names = Object.keys(conditions[0]);
    const [asked, given] = [conditions.map(context), contexts.map(context)];
    subjects.condition_text = [conditionByText(condition), asked];
    subjects.condition_kept = [conditionKept(condition, names), asked];
    subjects.table_text = [table(drawn, byText), given];
    subjects.table_kept = [table(drawn, kept), given];
    return { node: process.version };
  },
  results({ subject }) {
    const [ask, contexts] = subjects[subject];
    return contexts.map((given) => ask(given));
  },
  time({ subject, turns, only }) {
    const [ask, all] = subjects[subject];
    const contexts = only === undefined ? all : [all.at(only)];
    const began = process.cpuUsage();
    for (let turn = 0; turn < turns; turn += 1) for (const given of contexts) ask(given);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / turns / contexts.length;
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...request } = JSON.parse(line);
  console.log(JSON.stringify(verbs[verb](request)));
}
