import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JSON_DEPTH_MAX } from './json-value.ts'
import { parse } from './parse.ts'
import { applyPatch, type Patch } from './patch.ts'
import { PROBLEMS_MAX } from './shape-problems.ts'

const minimal = {
  format: 1,
  name: 'Hello',
  category: 'booking',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    { id: 'pause', kind: 'delay', wait: { before: { days: 14 }, of: 'wedding', at: '09:00' } },
  ],
  edges: [{ from: 'begin', to: 'pause' }],
}
const problemsOf = (input: unknown) => {
  const parsed = parse(input)
  return parsed.ok ? [] : parsed.problems
}
const inNode = (node: object) => problemsOf({ ...minimal, nodes: [minimal.nodes[0], node] })

describe('a text is judged before anything is built from it', () => {
  test('a good journey is read from text and from a value alike', () => {
    expect(parse(JSON.stringify(minimal))).toEqual({ ok: true, journey: minimal })
    expect(parse(minimal)).toEqual({ ok: true, journey: minimal })
  })

  test.each([
    ['{\n  "format": 1,\n  "name" "x"\n}', '3:10', '":" is expected after a key'],
    ['{"a": 1,}', '1:9', 'a key in double quotes is expected here'],
    ['[1 2]', '1:4', '"," or "]" is expected here'],
    ['{"a": tru}', '1:7', 'a value is expected here'],
    ['{"a": 01}', '1:7', 'a value is expected here'],
    ['{"a": "x', '1:7', 'a text is not closed with a double quote'],
    ['{"a": "\\x"}', '1:9', 'there is no such escape'],
    ['{"a": [1', '1:9', 'the file ends before a "]" is closed'],
    ['', '1:1', 'the file is empty'],
    ['{} {}', '1:4', 'something follows after the end of the document'],
  ])('%j is refused at %s', (text, path, what) => {
    const line = path.split(':')
    const message = `This is not JSON at line ${line[0]}, column ${line[1]}: ${what}.`
    expect(problemsOf(text)).toEqual([{ code: 'not_json', severity: 'error', path, message }])
  })

  test('a key written twice is refused where it stands, escapes included', () => {
    const [problem, ...more] = problemsOf('{"nodes": [{"id": "a",\n "\\u0069d": "b"}]}')
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code: 'duplicate_key', path: '/nodes/0/id' })
    expect(problem?.message).toContain('line 2, column 2')
  })

  test('__proto__ is refused in text and in a value', () => {
    expect(problemsOf('{"a": {"__proto__": {}}}')[0]).toMatchObject({
      code: 'forbidden_key',
      path: '/a/__proto__',
    })
    expect(problemsOf(JSON.parse('{"a": {"__proto__": {}}}'))[0]).toMatchObject({ code: 'forbidden_key' })
  })

  test('size, depth and keys are bounded in text and in a value', () => {
    expect(problemsOf(`"${'x'.repeat(1_100_000)}"`)[0]?.code).toBe('too_large')
    expect(problemsOf(`"${'é'.repeat(600_000)}"`)[0]?.code).toBe('too_large')
    expect(problemsOf('['.repeat(100_000))[0]?.code).toBe('too_deep')
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    expect(problemsOf(nested(JSON_DEPTH_MAX + 1))[0]?.code).toBe('too_deep')
    const circle: unknown[] = []
    circle.push(circle)
    expect(problemsOf(circle)[0]?.code).toBe('too_deep')
    const wide = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`k${i}`, i]))
    expect(problemsOf(wide)[0]?.code).toBe('too_many_keys')
    expect(problemsOf(JSON.stringify(wide))[0]?.code).toBe('too_many_keys')
    const long = Array.from({ length: 20_002 }, () => 1)
    expect(problemsOf(long)[0]?.code).toBe('too_many_items')
    expect(problemsOf(JSON.stringify(long))[0]?.code).toBe('too_many_items')
  })

  test('NUL is refused: the database could not keep it', () => {
    expect(problemsOf('{"a": "x\\u0000"}')[0]).toMatchObject({ code: 'nul_character', path: '/a' })
    expect(problemsOf({ a: 'x\0' })[0]).toMatchObject({ code: 'nul_character', path: '/a' })
  })

  test('half a character is refused, in a text and in a name', () => {
    expect(problemsOf('{"a": "\\ud83d"}')[0]).toMatchObject({ code: 'half_character', path: '/a' })
    expect(problemsOf({ a: '\ud83d' })[0]).toMatchObject({ code: 'half_character', path: '/a' })
    expect(problemsOf('{"\\udc70": 1}')[0]?.code).toBe('half_character')
    expect(problemsOf({ '\udc70': 1 })[0]?.code).toBe('half_character')
    expect(problemsOf({ a: '👰' })[0]?.code).not.toBe('half_character')
  })

  test('any JSON is read exactly as the platform reads it, and any other text is refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(60), (value, cut) => {
        const text = JSON.stringify(value, null, 1)
        const broken = text.slice(0, Math.min(cut, text.length))
        for (const one of [text, broken]) {
          let valid = true
          try {
            JSON.parse(one)
          } catch {
            valid = false
          }
          const told = problemsOf(one).some((problem) => problem.code === 'not_json')
          // `__proto__` as a key is the one thing fast-check may draw that we refuse for another reason.
          expect(told).toBe(!valid)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('every problem is told at once, in words that say what to do', () => {
  test('an unknown key names its neighbour, and the fix mends it', () => {
    const document = {
      ...minimal,
      nodes: [minimal.nodes[0], { ...minimal.nodes[1], wiat: 1, wait: undefined }],
    }
    const bad = JSON.parse(JSON.stringify(document).replace('"wiat":1', '"wiat":{"after":{"days":1}}'))
    const found = problemsOf(bad)
    const key = found.find((problem) => problem.code === 'unknown_key')
    expect(key).toMatchObject({
      node: 'pause',
      path: '/nodes/1/wiat',
      message: 'There is no "wiat" here. Did you mean "wait"?',
    })
    expect(parse(applyPatch(bad, key?.fix?.change as Patch)).ok).toBe(true)
  })

  test('a wait with a slip is judged as the wait that was meant', () => {
    expect(inNode({ id: 'w', kind: 'delay', wait: { befor: { days: 14 }, of: 'wedding' } })).toMatchObject([
      {
        code: 'missing',
        path: '/nodes/1/wait/before',
        message: '"before" is missing. Add an object in { }.',
      },
      {
        code: 'unknown_key',
        path: '/nodes/1/wait/befor',
        message: 'There is no "befor" here. Did you mean "before"?',
      },
    ])
  })

  test('an unknown kind, comparison or choice names what is known', () => {
    expect(inNode({ id: 'w', kind: 'modul' })[0]?.message).toMatch(
      /"kind" must be "trigger".* Did you mean "module"\?/,
    )
    const condition = (leaf: object) =>
      inNode({ id: 'c', kind: 'condition', cases: [{ exit: 'a', if: { all: [leaf] } }] })
    expect(condition({ fact: 'client.tags', is: 'contain', value: 'x' })).toMatchObject([
      { code: 'not_one_of', node: 'c', path: '/nodes/1/cases/0/if/all/0/is' },
    ])
    expect(condition({ fact: 'client.tags', is: 'contain', value: 'x' })[0]?.message).toContain('"contains"')
    expect(condition({ fact: 'tags', is: 'known' })[0]?.message).toContain('a path such as client.tags')
    expect(condition({ daysUntil: 'weding', is: 'less', value: 3 })[0]).toMatchObject({ code: 'bad_format' })
  })

  test('the wrong kind of value is told with what fits', () => {
    expect(
      inNode({ id: 'm', kind: 'module', type: 'email', version: 1, config: {}, to: 7 })[0]?.message,
    ).toBe(
      '"to" cannot be the number 7. Write "couple", "partner_a", "partner_b", "payer", "planner" or "each" or {"vendorOf": …} or {"member": …}.',
    )
    expect(inNode({ id: 'a', kind: 'action', do: { addTag: '' } })[0]).toMatchObject({
      code: 'empty',
      path: '/nodes/1/do/addTag',
    })
  })

  test('nothing ever reads "Invalid input", whatever is broken', () => {
    const keys = fc.constantFrom(
      'id',
      'kind',
      'wait',
      'do',
      'for',
      'cases',
      'arms',
      'timeout',
      'zzz',
      'to',
      'when',
    )
    const kinds = fc.constantFrom(
      'trigger',
      'module',
      'delay',
      'await',
      'condition',
      'action',
      'fork',
      'x',
      3,
    )
    const node = fc
      .dictionary(keys, fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant({ after: {} })), { maxKeys: 6 })
      .chain((body) => kinds.map((kind) => ({ ...body, kind })))
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), (nodes, reentry) => {
        for (const problem of problemsOf({ ...minimal, nodes, reentry })) {
          expect(problem.message).not.toMatch(/Invalid (input|option)|undefined|\[object/)
          expect(problem.code).not.toBe('')
        }
      }),
      { numRuns: 500 },
    )
  })

  test('all mistakes of a document come together', () => {
    const codes = problemsOf({
      ...minimal,
      format: 2,
      name: '',
      nodes: [{ id: 'A B', kind: 'end' }],
      edges: {},
    })
    expect(codes.map((problem) => [problem.code, problem.path])).toEqual([
      ['not_one_of', '/format'],
      ['empty', '/name'],
      ['bad_format', '/nodes/0/id'],
      ['wrong_type', '/edges'],
    ])
  })

  test('a document in which everything is wrong is judged in bounded time, and told in bounded length', () => {
    const from = performance.now()
    const keys = Object.fromEntries(Array.from({ length: 38 }, (_, i) => [`wiat${i}`, 1]))
    const nodes = Array.from({ length: 490 }, (_, i) => ({ id: `n${i}`, kind: 'delay', ...keys }))
    const found = problemsOf({ ...minimal, nodes })
    expect(found).toHaveLength(PROBLEMS_MAX)
    expect(performance.now() - from).toBeLessThan(1_500)
  })

  test('ten thousand nodes are refused in one sentence, quickly', () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}`, kind: 'x' }))
    const from = performance.now()
    expect(problemsOf(JSON.stringify({ ...minimal, nodes: nodes.slice(0, 9_990) }))).toMatchObject([
      { code: 'too_many', path: '/nodes' },
    ])
    expect(performance.now() - from).toBeLessThan(3_000)
  })
})
