import type { Journey } from '../../../core/journey/graph.ts'

/** A journey as a file of one's own: what can be imported again, here or elsewhere. */
export function download(document: Journey, name = document.name): void {
  const text = JSON.stringify(document, null, 2)
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = window.document.createElement('a')
  link.href = address
  link.download = `${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'journey'
  }.json`
  link.click()
  URL.revokeObjectURL(address)
}
