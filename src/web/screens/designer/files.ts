import type { Journey } from '../../../core/journey/graph.ts'
import { download as give } from '../../download.ts'

/** A journey as a file of one's own: what can be imported again, here or elsewhere. */
export function download(document: Journey, name = document.name): void {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  give(
    `${words.replace(/^-|-$/g, '') || 'journey'}.json`,
    'application/json',
    JSON.stringify(document, null, 2),
  )
}
