import type { Node } from '../journey/graph.ts'

/** What a step is called where people read it: its own name, else what it says or asks, else its id. */
export function titleOf(node: Node): string {
  if (node.name !== undefined) return node.name
  if (node.kind === 'module') {
    const { subject, text } = node.config
    if (typeof subject === 'string') return subject
    if (typeof text === 'string') return text.length <= 60 ? text : `${text.slice(0, 59)}…`
  }
  if (node.kind === 'action' && 'task' in node.do) return node.do.task.title
  if (node.kind === 'action' && 'notify' in node.do) return node.do.notify.text
  return node.kind === 'approval' ? node.ask : node.id
}
