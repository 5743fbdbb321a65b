import type { Problem } from '../problem.ts'
import { type Journey, journeySchema, NODES_MAX } from './graph.ts'
import { readJson } from './json-text.ts'
import { guardJson } from './json-value.ts'
import { stepsOf, valueAt } from './pointer.ts'
import { shapeProblems } from './shape-problems.ts'

export type Parsed =
  | { readonly ok: true; readonly journey: Journey }
  | { readonly ok: false; readonly problems: Problem[] }

/**
 * A journey from a file's text or from a value of unknown make. Answers with every problem at once, each with
 * its place, its node where it has one, and what to do. What a well-formed journey *means* is judged by `check`.
 */
export function parse(input: unknown): Parsed {
  if (typeof input === 'string') {
    const read = readJson(input)
    return read.ok ? shaped(read.value) : { ok: false, problems: read.problems }
  }
  const problems = guardJson(input)
  return problems.length > 0 ? { ok: false, problems } : shaped(input)
}

function shaped(document: unknown): Parsed {
  const nodes = valueAt(document, ['nodes'])
  // Said before the rest is read: ten thousand nodes would otherwise make ten thousand sentences.
  if (Array.isArray(nodes) && nodes.length > NODES_MAX) {
    const message = `A journey holds at most ${NODES_MAX} nodes; this one has ${nodes.length}. Split it in two: the first starts the second.`
    return { ok: false, problems: [{ code: 'too_many', severity: 'error', message, path: '/nodes' }] }
  }
  const answer = journeySchema.safeParse(document)
  if (answer.success) return { ok: true, journey: answer.data }
  const problems = shapeProblems(journeySchema, document, answer.error.issues)
  return {
    ok: false,
    problems: problems.map((problem) => located(document, { ...problem, severity: 'error' })),
  }
}

/** Names the node a path leads into; for an edge, the node it leaves. */
function located(document: unknown, problem: Problem): Problem {
  const [list, index] = stepsOf(problem.path)
  if (index === undefined || (list !== 'nodes' && list !== 'edges')) return problem
  const id = valueAt(document, [list, index, list === 'nodes' ? 'id' : 'from'])
  return typeof id === 'string' ? { ...problem, node: id } : problem
}
