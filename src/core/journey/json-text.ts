import type { Problem } from '../problem.ts'
import {
  JSON_BYTES_MAX,
  JSON_DEPTH_MAX,
  JSON_ITEMS_MAX,
  JSON_KEYS_MAX,
  problemAt,
  TOLD_MAX,
  textProblem,
  tooManyItems,
} from './json-value.ts'
import type { Step } from './pointer.ts'

export type JsonRead =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: Problem[] }

/**
 * Reads JSON that a stranger wrote. The text is judged before anything is built from it: size, depth, number
 * of keys and entries, keys written twice (of which JSON.parse would silently keep the last), `__proto__`, and
 * what the database cannot keep: NUL and halves of characters. A mistake is told by line and column, the same in every runtime.
 */
export function readJson(text: string, bytesMax: number = JSON_BYTES_MAX): JsonRead {
  if (text.length > bytesMax || new TextEncoder().encode(text).length > bytesMax) {
    return refused('too_large', '', 'The file is larger than 1 MB. Split the journey into several.')
  }
  const problems: Problem[] = []
  try {
    scan(text, (problem) => {
      if (problems.length < TOLD_MAX) problems.push(problem)
    })
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    problems.push(error.problem)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: JSON.parse(text) as unknown }
}

class Unreadable extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

type Frame = { is: 'object'; keys: Set<string>; key: string } | { is: 'array'; index: number }

type Expecting = 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'comma_or_end' | 'nothing'

/** One pass with a stack of its own: depth costs no call stack. */
function scan(text: string, tell: (problem: Problem) => void): void {
  const open: Frame[] = []
  let at = 0
  let keys = 0
  let items = 0
  let expecting = 'value' as Expecting

  const where = (): Step[] => open.map((frame) => (frame.is === 'object' ? frame.key : frame.index))
  const fail = (what: string, from = at): never => {
    throw new Unreadable(syntaxProblem(text, from, what))
  }
  const string = (): string => {
    const from = at
    at = endOfString(text, at, (what, place) => fail(what, place))
    const value = JSON.parse(text.slice(from, at)) as string
    const problem = textProblem(value, where())
    if (problem) tell(problem)
    return value
  }
  const close = (): void => {
    open.pop()
    at++
    expecting = open.length === 0 ? 'nothing' : 'comma_or_end'
  }
  const begin = (frame: Frame): void => {
    open.push(frame)
    if (open.length > JSON_DEPTH_MAX) {
      throw new Unreadable(
        problemAt('too_deep', [], `The file is nested deeper than ${JSON_DEPTH_MAX} levels. Flatten it.`),
      )
    }
    at++
    expecting = frame.is === 'object' ? 'key_or_end' : 'value_or_end'
  }
  const key = (frame: Extract<Frame, { is: 'object' }>): void => {
    if (text[at] !== '"') fail('a key in double quotes is expected here')
    const from = at
    frame.key = string()
    if (++keys > JSON_KEYS_MAX) {
      throw new Unreadable(
        problemAt('too_many_keys', [], `The file holds more than ${JSON_KEYS_MAX} keys. Split the journey.`),
      )
    }
    if (frame.key === '__proto__') {
      tell(
        problemAt(
          'forbidden_key',
          where(),
          `"__proto__" is no name for a key (${lineColumn(text, from)}). Remove it.`,
        ),
      )
    } else if (frame.keys.has(frame.key)) {
      tell(
        problemAt(
          'duplicate_key',
          where(),
          `"${frame.key}" is written twice in the same place (${lineColumn(text, from)}). Keep one of them.`,
        ),
      )
    }
    frame.keys.add(frame.key)
    at = afterSpace(text, at)
    if (text[at] !== ':') fail('":" is expected after a key')
    at++
    expecting = 'value'
  }
  const value = (): void => {
    const first = text[at]
    if (first === '{') begin({ is: 'object', keys: new Set(), key: '' })
    else if (first === '[') begin({ is: 'array', index: 0 })
    else {
      if (first === '"') string()
      else at = endOfWord(text, at, (what) => fail(what))
      expecting = open.length === 0 ? 'nothing' : 'comma_or_end'
    }
  }

  for (;;) {
    at = afterSpace(text, at)
    const frame = open.at(-1)
    if (at >= text.length) {
      if (expecting === 'nothing') return
      fail(
        frame
          ? `the file ends before a "${frame.is === 'object' ? '}' : ']'}" is closed`
          : 'the file is empty',
      )
    }
    const ends = frame && text[at] === (frame.is === 'object' ? '}' : ']')
    if (expecting === 'nothing') fail('something follows after the end of the document')
    else if (ends && expecting.endsWith('_or_end')) close()
    else if (expecting === 'comma_or_end') {
      if (text[at] !== ',') fail(`"," or "${frame?.is === 'object' ? '}' : ']'}" is expected here`)
      at++
      if (frame?.is === 'array') {
        frame.index++
        if (++items > JSON_ITEMS_MAX) throw new Unreadable(tooManyItems)
      }
      expecting = frame?.is === 'object' ? 'key' : 'value'
    } else if (frame?.is === 'object' && expecting !== 'value') key(frame)
    else value()
  }
}

function afterSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return at
}

function endOfString(text: string, from: number, fail: (what: string, at: number) => never): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code < 0x20)
      fail('a text may not run over the end of its line or hold control characters; write \\n', at)
    if (code !== 0x5c) continue
    at++
    if (text[at] === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5)))
        fail('"\\u" needs four hexadecimal digits', at)
      at += 4
    } else if (!'"\\/bfnrt'.includes(text[at] ?? '-')) fail('there is no such escape', at)
  }
  return fail('a text is not closed with a double quote', from)
}

const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y

function endOfWord(text: string, from: number, fail: (what: string) => never): number {
  WORD.lastIndex = from
  const found = WORD.exec(text)
  return found ? from + found[0].length : fail('a value is expected here')
}

const refused = (code: string, path: string, message: string): JsonRead => ({
  ok: false,
  problems: [{ code, severity: 'error', message, path }],
})

function syntaxProblem(text: string, at: number, what: string): Problem {
  return {
    code: 'not_json',
    severity: 'error',
    message: `This is not JSON at ${lineColumn(text, at)}: ${what}.`,
    path: position(text, at).join(':'),
  }
}
const lineColumn = (text: string, at: number): string => {
  const [line, column] = position(text, at)
  return `line ${line}, column ${column}`
}
function position(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at).split(/\r\n|\n|\r/)
  return [before.length, before.at(-1)!.length + 1]
}
