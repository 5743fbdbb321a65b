import { useQuery } from '@tanstack/react-query'
import { listEvents } from '../../../contract/events.ts'
import { Section } from '../../../ui/Type.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellSoon } from '../../times.ts'
import { ReplyWords } from '../messages/ReplyWords.tsx'

const SHOWN = 3

/** What they answered, the newest first; nothing where they never did. */
export function Replies({ client }: { readonly client: string }) {
  const { vendor, may } = useHere()
  const query = { client, type: 'reply_received', limit: SHOWN }
  const told = useQuery({ ...asks(listEvents, { params: { vendor }, query }), enabled: may(listEvents) })
  // What a person has told of an answer has no words.
  const replies = (told.data?.data.items ?? []).filter((one) => one.personal)
  if (replies.length === 0) return null
  return (
    <Section title="They wrote">
      <ul>
        {replies.map((one) => (
          <li key={one.id} className="border-t border-border py-2 first:border-t-0">
            <time dateTime={one.at} className="text-small text-muted-foreground">
              {tellSoon(one.at, hereZone())} {cityOf(hereZone())},{' '}
              {one.data.channel === 'email' ? 'by mail' : 'by text'}
            </time>
            <ReplyWords of={one.id} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
