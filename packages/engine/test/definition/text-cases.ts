export const HEAD = 'winnow: 1\nname: x\n'

/** Texts with the issues that must be found: `line:column code`. */
export const textCases: readonly {
  readonly name: string
  readonly text: string
  readonly issues: readonly string[]
}[] = [
  { name: 'two equal keys', text: `${HEAD}name: y\n`, issues: ['3:1 duplicate_key'] },
  { name: 'two equal keys in JSON', text: '{"winnow": 1, "name": "x",\n "name": "y"}', issues: ['2:2 duplicate_key'] },
  { name: 'an anchor', text: `${HEAD}description: &a text\n`, issues: ['3:17 alias_refused'] },
  {
    name: 'an anchor and its alias',
    text: `${HEAD}personas: &a {}\nscores: *a\n`,
    issues: ['3:14 alias_refused', '4:9 alias_refused'],
  },
  { name: 'an alias of nothing', text: `${HEAD}scores: *a\n`, issues: ['3:9 alias_refused'] },
  { name: 'a merge key', text: `${HEAD}review:\n  <<: { every: 3 months }\n`, issues: ['4:3 alias_refused'] },
  { name: 'a tag', text: `${HEAD}description: !secret text\n`, issues: ['3:22 tag_refused'] },
  { name: 'a known tag', text: `${HEAD}description: !!str 5\n`, issues: ['3:20 tag_refused'] },
  { name: 'a tab', text: `${HEAD}review:\n\tevery: 3 months\n`, issues: ['4:1 yaml_syntax'] },
  { name: 'an open bracket', text: `${HEAD}review: { every: 3 months\n`, issues: ['4:1 yaml_syntax'] },
  { name: 'a directive', text: `%YAML 1.1\n---\n${HEAD}`, issues: ['1:1 yaml_syntax'] },
  { name: 'a map as a key', text: `${HEAD}? { a: 1 }\n: 2\n`, issues: ['3:3 yaml_syntax'] },
  { name: 'nothing as a key', text: `${HEAD}~: 2\n`, issues: ['3:1 yaml_syntax'] },
  { name: 'two documents', text: `${HEAD}---\n${HEAD}`, issues: ['3:1 several_documents'] },
  { name: 'nothing', text: '', issues: ['1:1 wrong_type'] },
  { name: 'a word', text: 'hello', issues: ['1:1 wrong_type'] },
  {
    name: 'an octal number',
    text: `${HEAD}value: { cost: 012 }`,
    issues: ['3:8 missing', '3:8 missing', '3:16 unsafe_number'],
  },
  { name: 'a hexadecimal number', text: 'winnow: 0x1\nname: x', issues: ['1:9 unsafe_number'] },
  { name: 'NUL', text: 'winnow: 1\nname: "a\\0"', issues: ['2:7 malformed_text'] },
  { name: 'half a pair', text: 'winnow: 1\nname: "\\ud800"', issues: ['2:7 malformed_text'] },
  { name: 'an unknown key', text: `${HEAD}atributes: {}\n`, issues: ['3:1 unknown_key'] },
  { name: 'a missing key of a list item', text: `${HEAD}stages:\n  - id: a\n  - label: b\n`, issues: ['5:5 missing'] },
  { name: 'a value in a list in flow', text: `${HEAD}stages: [{ id: a }, { id: A }]\n`, issues: ['3:27 malformed'] },
  { name: 'an empty value stands at its key', text: `${HEAD}review:\n  every:\n`, issues: ['4:3 wrong_type'] },
  {
    name: 'a name in a list of text over lines',
    text: `${HEAD}playbooks:\n  a:\n    title: t\n    steps: [s]\n    when:\n      any:\n        - activity: b\n        - persona:\n            - c\n`,
    issues: ['9:21 unknown_activity', '11:15 unknown_persona'],
  },
  {
    name: 'a name that is a key',
    text: `${HEAD}examples:\n  - name: e\n    as_of: 2026-01-01\n    facts: []\n    expect:\n      scores:\n        fit: 5\n`,
    issues: ['9:9 unknown_score'],
  },
  { name: 'Windows line ends', text: 'winnow: 1\r\nname: x\r\nreview: 5\r\n', issues: ['3:9 wrong_type'] },
  {
    name: 'issues of text and meaning together',
    text: `${HEAD}name: y\nreview: 5\n`,
    issues: ['3:1 duplicate_key', '4:9 wrong_type'],
  },
  { name: 'an anchor at a key', text: `${HEAD}&a review: { every: 3 months }\n`, issues: ['3:4 alias_refused'] },
  { name: 'a tag at a key', text: `${HEAD}!!str review: { every: 3 months }\n`, issues: ['3:7 alias_refused'] },
  { name: 'an empty list', text: `${HEAD}stages:\n  -\n  - id: a\n`, issues: ['4:3 wrong_type', '5:5 no_way_in'] },
  {
    name: 'a number with a plus',
    text: `${HEAD}value: { cost: +5 }`,
    issues: ['3:8 missing', '3:8 missing', '3:16 unsafe_number'],
  },
  { name: 'an infinite number, told once', text: `${HEAD}value: .inf\n`, issues: ['3:8 unsafe_number'] },
]
