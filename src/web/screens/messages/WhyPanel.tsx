import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { explainMessages } from '../../../contract/messages.ts'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import type { Status } from '../../../ui/status.ts'
import { Why } from '../../../ui/Thread.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { asks, type Seen } from '../../api.ts'
import { evidenceOf } from '../../evidence.ts'
import { useHere } from '../../session.ts'
import { cityOf, firstNames, tellSoon } from '../../times.ts'

type Account = Seen<typeof explainMessages>['data']['items'][number]
const STANDING: { readonly [is in Account['is']]: { readonly of: Status; readonly says?: string } } = {
  sent: { of: 'sent' },
  will_be_sent: { of: 'planned' },
  not_sent: { of: 'failed', says: 'Not sent' },
  waiting_for: { of: 'waiting' },
  held: { of: 'held' },
  skipped: { of: 'skipped' },
  failed: { of: 'failed' },
  done: { of: 'done' },
  not_reached: { of: 'waiting', says: 'Not reached' },
}

/** Somebody looked for one couple and one step: what became of it, or will, and why. */
export function WhyPanel({ search }: { readonly search: string }) {
  const { vendor } = useHere()
  const why = useQuery({
    ...asks(explainMessages, { params: { vendor }, query: { search } }),
    placeholderData: keepPreviousData,
  })
  const items = why.data?.data.items ?? []
  if (items.length === 0) return null
  return (
    <section aria-label="What became of it" className="mt-4 max-w-[860px] border-t border-rule pt-2">
      <h2 className="font-display text-h3 font-medium">What became of it</h2>
      <ul>
        {items.map((one) => (
          <li key={`${one.run} ${one.node}`} className="border-t border-border py-3 first:border-t-0">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <Link to="/clients/$clientId" params={{ clientId: one.client }} className={LINK}>
                {firstNames(one.names)}
              </Link>
              <span className="font-strong">{one.name}</span>
              <StatusWord of={STANDING[one.is].of}>{STANDING[one.is].says}</StatusWord>
              {one.at && (
                <time dateTime={one.at} className="text-muted-foreground">
                  {tellSoon(one.at, one.zone)} {cityOf(one.zone)}
                </time>
              )}
              <span className="ml-auto text-small text-muted-foreground">{one.journey}</span>
            </p>
            <div className="mt-1.5">
              <Why evidence={evidenceOf(one)}>{one.sentence}</Why>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
