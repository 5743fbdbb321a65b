import { LINES_MAX } from '../../channels/email/line-pool.ts'
import { PLAIN_BRAND } from '../../core/brand.ts'
import type { MergeParts } from '../../core/merge.ts'
import type { Runner } from '../runner.ts'
import { addressOf, urlParts } from './address.ts'
import { richEmail } from './definition.ts'
import { fillHtml, fillText, layOut as laidOut, type Slot } from './layout.ts'
import { type EmailContent, oneLine, sendLetter, textsOf, type Words } from './send.ts'

export const runRichEmail: Runner<typeof richEmail, EmailContent> = {
  of: richEmail,
  limits: { timeoutMs: 660_000, concurrency: LINES_MAX, payloadBytesMax: 500_000 },

  async prepare({ config, facts, class: messageClass, language, vendor, unsubscribeUrl }, render, layOut) {
    if (!layOut) return { is: 'broken', cause: 'nobody here lays out letters' }
    const brand = vendor.brand ?? PLAIN_BRAND
    const optOut = messageClass === 'transactional' ? null : unsubscribeUrl
    const laid = laidOut(config.body, {
      language,
      vendorName: vendor.name,
      brand,
      logoUrl: vendor.logoUrl ?? null,
      subject: config.subject,
      preheader: config.preheader ?? null,
      preferences: optOut !== null,
    })
    const [bad] = laid.broken
    if (bad !== undefined) return { is: 'broken', cause: `"${bad}" is no address a letter may lead to` }
    const [merged, layout] = await Promise.all([
      render(partsOf(laid.slots, config.from?.name), facts),
      layOut(laid.mjml),
    ])
    if (layout.is === 'broken') return layout
    const words = textsOf(merged)
    if (words.is !== 'ready') return words
    const values = laid.slots.map((slot, index) => valueIn(slot, index, words.content, optOut))
    const blank = laid.slots.filter((slot, index) => slot.is === 'words' && values[index] === '')
    if (blank.length > 0) return { is: 'unresolved', fields: blank.map(fieldIn) }
    const lost = values.indexOf(null)
    if (lost >= 0)
      return { is: 'broken', cause: `the address "${templateAt(laid.slots, lost)}" leads nowhere` }
    const filled = values.map((value) => value ?? '')
    const { fromName } = words.content
    return {
      is: 'ready',
      content: {
        // The subject stands in the first place.
        subject: filled[0] ?? '',
        text: fillText(laid.text, filled),
        html: fillHtml(layout.html, laid.slots, filled),
        fromName: fromName === undefined ? null : oneLine(fromName),
        unsubscribeUrl: optOut,
      },
    }
  },

  send: sendLetter,
}

/** What is filled in, by place: an address in two parts, of which the second is encoded. */
function partsOf(slots: readonly Slot[], fromName: string | undefined): MergeParts {
  const parts: { [part: string]: MergeParts[string] } = {}
  for (const [index, slot] of slots.entries()) {
    if (slot.is === 'preferences') continue
    if (slot.is === 'url') {
      const { head, tail } = urlParts(slot.template)
      parts[`${index}`] = { template: head, target: 'text' }
      parts[`${index}.tail`] = { template: tail, target: 'url' }
    } else parts[`${index}`] = { template: slot.template, target: 'text' }
  }
  return fromName === undefined ? parts : { ...parts, fromName: { template: fromName, target: 'text' } }
}

function valueIn(slot: Slot, index: number, words: Words, optOut: string | null): string | null {
  const said = words[`${index}`] ?? ''
  switch (slot.is) {
    case 'words':
      return oneLine(said)
    case 'lines':
      return manyLines(said)
    case 'url':
      return addressOf(`${said}${words[`${index}.tail`] ?? ''}`, slot.for)
    case 'preferences':
      return optOut ?? ''
  }
}

/** Words of nothing but what no line may hold: they are no words. */
const fieldIn = (slot: Slot): string =>
  ('template' in slot ? slot.template : '').replace(/^\{\{\s*|\s*(\|.*)?\}\}$/gs, '')

const templateAt = (slots: readonly Slot[], index: number): string => {
  const slot = slots[index]
  return slot && 'template' in slot ? slot.template : ''
}

/** Each line is one, and what is no line is none: a form feed in an answer makes no page. */
const manyLines = (text: string): string => text.replace(/\r\n?/g, '\n').split('\n').map(oneLine).join('\n')
