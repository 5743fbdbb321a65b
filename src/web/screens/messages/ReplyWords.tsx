import { useQuery } from '@tanstack/react-query'
import { openEvent } from '../../../contract/events.ts'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'

/** What they wrote, for who may read it. */
export function ReplyWords({ of }: { readonly of: string }) {
  const { vendor, may } = useHere()
  const told = useQuery({
    ...asks(openEvent, { params: { vendor, event: of } }),
    enabled: may(openEvent),
  })
  if (!may(openEvent)) return <p className="text-small text-muted-foreground">Your role may not read it.</p>
  return (
    <Answer of={told} lines={1}>
      {({ data }) => (
        <blockquote className="my-1 border-l-2 border-border-strong pl-3 whitespace-pre-wrap">
          {String(data.words.text ?? '')}
        </blockquote>
      )}
    </Answer>
  )
}
