import type { ReactNode } from 'react'

/** The words of a message, as whoever gets it reads them. Words are text here, never markup. */
export function Letter({
  content,
  kind,
}: {
  readonly content: { readonly [part: string]: unknown }
  readonly kind: string
}) {
  const { subject, text, body } = content
  const words = typeof text === 'string' ? text : typeof body === 'string' ? body : null
  return (
    <div className="rounded-md bg-sunken px-4 py-3">
      {typeof subject === 'string' && <p className="mb-2 font-strong">{subject}</p>}
      {words === null ? (
        <Facts of={content} kind={kind} />
      ) : (
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{withoutFooter(words)}</p>
      )}
    </div>
  )
}

/** What stands below every letter is not read again each time. */
const withoutFooter = (text: string): string => text.split(/\n-- \n/)[0]?.trimEnd() ?? text

function Facts({
  of,
  kind,
}: {
  readonly of: { readonly [part: string]: unknown }
  readonly kind: string
}): ReactNode {
  const told = Object.entries(of).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  )
  if (told.length === 0)
    return <p className="text-muted-foreground">Nothing of a {kind} is written in words.</p>
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-y-1">
      {told.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted-foreground">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
