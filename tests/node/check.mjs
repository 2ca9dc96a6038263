// Reads BPMN files as bpmn.io's modellers do, and holds them against every rule of bpmnlint that its own set names.
// Prints one JSON object: file name to what was complained of. Run by tests/test_diagrams_node.py.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

import BpmnModdle from 'bpmn-moddle';

const require = createRequire(import.meta.url);
const { Linter } = require('bpmnlint');
const NodeResolver = require('bpmnlint/lib/resolver/node-resolver');

// `all` holds the recommended rules and those of layout: overlaps, standard sizes, a diagram part for every element.
// A linter of its own for each file: the rule on duplicate flows remembers what it saw.
const linter = () => new Linter({ config: { extends: 'bpmnlint:all' }, resolver: new NodeResolver({ require }) });

async function complaints(file) {
  const { rootElement, warnings, elementsById } = await new BpmnModdle().fromXML(readFileSync(file, 'utf8'));
  const reports = await linter().lint(rootElement);
  const said = Object.entries(reports).flatMap(([rule, found]) =>
    found.map(({ id, message, category }) => `${rule} (${category}) ${id}: ${message}`)
  );
  return {
    warnings: warnings.map(({ message }) => message),
    reports: said,
    elements: Object.keys(elementsById).length
  };
}

const told = {};
for (const file of process.argv.slice(2)) {
  told[basename(file)] = await complaints(file);
}
console.log(JSON.stringify(told));
