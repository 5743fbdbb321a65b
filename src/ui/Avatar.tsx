import { classNames } from './class-names.ts'

const TINTS = [
  'bg-primary-tone-surface text-primary-tone-text',
  'bg-rose-surface text-rose-text',
  'bg-plan-surface text-plan-text',
  'bg-held-surface text-held-text',
  'bg-tile text-tile-foreground',
]

/** The letters of a person, in a colour that stays theirs. The name stands beside it, so it is not read out. */
export function Avatar({ name, size = 28 }: { readonly name: string; readonly size?: 20 | 28 | 40 }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'inline-flex shrink-0 items-center justify-center rounded-full font-strong',
        size === 20 ? 'size-5 text-[9px]' : size === 28 ? 'size-7 text-micro' : 'size-10 text-body',
        TINTS[tintFor(name)],
      )}
    >
      {initials(name)}
    </span>
  )
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join('')
    .toLocaleUpperCase()

const tintFor = (name: string): number => {
  let sum = 0
  for (const letter of name) sum += letter.codePointAt(0) ?? 0
  return sum % TINTS.length
}
