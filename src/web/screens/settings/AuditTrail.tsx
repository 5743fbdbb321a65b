import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listAudit } from '../../../contract/audit.ts'
import { listMembers } from '../../../contract/members.ts'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { LINK, Section, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf, hereZone, tellMoment } from '../../times.ts'

type Entry = Seen<typeof listAudit>['data']['items'][number]

const PAGE = 50

export function AuditTrail() {
  const { vendor } = useHere()
  const members = useQuery(asks(listMembers, { params: { vendor } }))
  const record = useInfiniteQuery({
    queryKey: [listAudit.id, { vendor }],
    queryFn: async ({ pageParam }) =>
      (
        await api(listAudit, {
          params: { vendor },
          query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // It grows with everything one does.
    staleTime: 0,
  })
  const names = new Map(members.data?.data.items.map((one) => [one.id, one.name]))
  return (
    <Section title="Changes" meta={`every time as it is in ${cityOf(hereZone())}`}>
      <Answer of={record} lines={6}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.items)
          return (
            <>
              <ol>
                {entries.map((one) => (
                  <li
                    key={one.id}
                    className="grid gap-x-4 border-t border-border py-2 first:border-t-0 md:grid-cols-[200px_minmax(0,1fr)]"
                  >
                    <span className="order-2 text-muted-foreground md:order-1 md:text-foreground">
                      <time dateTime={one.at}>{tellMoment(one.at, hereZone())}</time>{' '}
                      <Zone>{cityOf(hereZone())}</Zone>
                    </span>
                    <span className="order-1 md:order-2">
                      <span className="font-strong">{actorName(one.actor, names)}</span> {actOf(one, names)}
                    </span>
                  </li>
                ))}
              </ol>
              <LoadMore
                shown={entries.length}
                total={null}
                noun={entries.length === 1 ? 'change' : 'changes'}
                busy={record.isFetchingNextPage}
                onMore={record.hasNextPage ? () => void record.fetchNextPage() : null}
              />
            </>
          )
        }}
      </Answer>
    </Section>
  )
}

function actorName(actor: string, names: ReadonlyMap<string, string>): string {
  const [kind, id = ''] = actor.split(':')
  if (kind === 'member') return names.get(id) ?? 'Somebody who has left'
  if (kind === 'key') return 'A program'
  return capital(actor)
}

const listed = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : '')
const word = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An entry as the rest of the sentence that begins with who did it. What has no sentence yet is shown as it lies. */
function actOf({ action, subject, detail }: Entry, names: ReadonlyMap<string, string>): ReactNode {
  const who = names.get(subject) ?? 'somebody who has left'
  const couple = (
    <Link to="/clients/$clientId" params={{ clientId: subject }} className={LINK}>
      a couple
    </Link>
  )
  switch (action) {
    case 'vendor.opened':
      return 'opened the business'
    case 'vendor.changed':
      return `changed the business: ${listed(detail.changed)}`
    case 'member.joined':
      return `came as ${word(detail.role)}`
    case 'member.invited':
      return `invited somebody as ${word(detail.role)}`
    case 'member.changed':
      return `made ${who} ${word(detail.role)}`
    case 'member.removed':
      return 'let somebody go'
    case 'invitation.revoked':
      return 'took an invitation back'
    case 'key.made':
      return `made the key “${word(detail.name)}”, which may ${listed(detail.scopes)}`
    case 'key.revoked':
      return 'revoked a key'
    case 'client.added':
      return <>added {couple}</>
    case 'client.person_saved':
      return (
        <>
          wrote down a person of {couple}: {listed(detail.changed)}
        </>
      )
    case 'client.changed':
      return (
        <>
          changed {couple}: {listed(detail.changed)}
        </>
      )
    default:
      return (
        <code className="font-mono text-small [overflow-wrap:anywhere]">
          {action} {subject}
        </code>
      )
  }
}
