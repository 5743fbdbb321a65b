import type { JsonObject } from '../core/ids.ts'
import type { Node } from '../core/journey/graph.ts'
import { letterOf } from '../modules/email/document.ts'

type Written = { readonly body: string; readonly link?: { readonly label: string; readonly url: string } }

/** A letter that is written here as text goes out as every other of the business: laid out, in its colours, with its logo. */
export function inBrand(node: Node): Node {
  if (node.kind !== 'module' || node.type !== 'email') return node
  const { body, link, ...rest } = node.config as Written
  return {
    ...node,
    version: 2,
    config: { ...rest, body: letterOf(body, link ?? null) as unknown as JsonObject },
  }
}
