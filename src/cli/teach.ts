import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { type Instant, instantFrom } from '../core/time/instant.ts'

/** Help that teaches: what a command is for, how it is used, and what one does next. */
export function teach(
  command: Command,
  lesson: { readonly examples: readonly string[]; readonly next?: string; readonly more?: string },
): Command {
  const examples = lesson.examples.map((one) => `  $ ${one}`).join('\n')
  const more = lesson.more ? `\n${lesson.more}\n` : ''
  const next = lesson.next ? `\nNext: ${lesson.next}\n` : ''
  return command
    .option('--json', 'one JSON value on standard output')
    .addHelpText('after', `${more}\nExamples:\n${examples}\n${next}`)
}

export const ofVendor = (command: Command): Command =>
  command.option('--vendor <name or id>', 'whose; needed when there are several vendors here')

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

export function dateText(text: string): string {
  const at = new Date(`${text}T00:00:00Z`)
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(at.getTime()) ||
    at.toISOString().slice(0, 10) !== text
  )
    throw new InvalidArgumentError('A date such as 2027-06-12 is expected.')
  return text
}

export function moment(text: string): Instant {
  try {
    return instantFrom(text)
  } catch {
    throw new InvalidArgumentError('A moment with its offset is expected, such as 2027-06-12T09:00:00+02:00.')
  }
}

/** `name=value`, as often as wanted. Numbers, true and false are what they look like. */
export function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('name=value is expected.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
