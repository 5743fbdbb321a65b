import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listCalls } from '../../../../contract/incoming.ts'
import { Button } from '../../../../ui/Button.tsx'
import { Sheet } from '../../../../ui/Dialog.tsx'
import { StatusWord } from '../../../../ui/StatusPill.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { Answer } from '../../../Answer.tsx'
import { asks, type Seen } from '../../../api.ts'
import { useHere } from '../../../session.ts'
import { cityOf, hereZone, tellSoon } from '../../../times.ts'
import type { Address } from './draft.ts'

type Call = Seen<typeof listCalls>['data']['items'][number]

/** What came in last, and why what was refused was refused. */
export function LastCalls({ of }: { readonly of: Address }) {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const calls = useQuery({
    ...asks(listCalls, { params: { vendor, incoming: of.id } }),
    enabled: open,
    staleTime: 0,
  })
  return (
    <Sheet
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm">
          Last calls<span className="sr-only"> of {of.name}</span>
        </Button>
      }
      title={`Last calls of “${of.name}”`}
      description="The last thirty of each kind."
      actions={
        <Button busy={calls.isFetching} onClick={() => void calls.refetch()}>
          Look again
        </Button>
      }
    >
      <Answer of={calls}>
        {({ data }) =>
          data.items.length === 0 ? (
            <p className="text-muted-foreground">
              Nobody has called yet. Once the other system has the address and its secret, each of its calls
              stands here, also one that is refused.
            </p>
          ) : (
            <ol>
              {data.items.map((one) => (
                <One key={one.id} of={one} />
              ))}
            </ol>
          )
        }
      </Answer>
    </Sheet>
  )
}

function One({ of }: { readonly of: Call }) {
  const zone = hereZone()
  return (
    <li className="border-t border-border py-2.5 first:border-t-0">
      <p className="flex flex-wrap items-center justify-between gap-x-3">
        <time dateTime={of.at} className="text-small text-muted-foreground">
          {tellSoon(of.at, zone)} {cityOf(zone)}
        </time>
        {of.verdict === 'refused' ? (
          <StatusWord of="failed">Refused</StatusWord>
        ) : of.verdict === 'repeated' ? (
          <StatusWord of="skipped">Known already</StatusWord>
        ) : (
          <StatusWord of="done">Taken</StatusWord>
        )}
      </p>
      <p>
        {of.why ?? became(of)}{' '}
        {of.client && (
          <Link to="/messages/triggers" search={{ client: of.client }} className={LINK}>
            What came of it
          </Link>
        )}
      </p>
    </li>
  )
}

function became({ verdict, started, woken, client }: Call): string {
  if (verdict === 'repeated') return 'The same call again: nothing was done twice.'
  if (client === null) return 'Its couple is no longer here.'
  const parts = [
    started > 0 && `started ${started} ${started === 1 ? 'journey' : 'journeys'}`,
    woken > 0 && `let ${woken} that waited for it go on`,
  ].filter(Boolean)
  return parts.length === 0 ? 'No journey begins with it or waited for it.' : `It ${parts.join(' and ')}.`
}
