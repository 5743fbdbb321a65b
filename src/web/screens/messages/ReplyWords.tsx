import { useQuery } from '@tanstack/react-query'
import { openEvent } from '../../../contract/events.ts'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'

/** What they wrote, for who may read it. */
export function ReplyWords({
  of,
  data: facts = {},
}: {
  readonly of: string
  readonly data?: { readonly [fact: string]: unknown }
}) {
  const { files, other_address: elsewhere } = facts
  const { vendor, may } = useHere()
  const told = useQuery({
    ...asks(openEvent, { params: { vendor, event: of } }),
    enabled: may(openEvent),
  })
  if (!may(openEvent)) return <p className="text-small text-muted-foreground">Your role may not read it.</p>
  return (
    <Answer of={told} lines={1}>
      {({ data }) => (
        <>
          <blockquote className="my-1 border-l-2 border-border-strong pl-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
            {String(data.words.text ?? data.words.said ?? '')}
          </blockquote>
          {elsewhere === true && (
            <p className="text-small text-muted-foreground">
              From {String(data.words.from)}, an address you do not have of them.
            </p>
          )}
          {typeof files === 'number' && (
            <p className="text-small text-muted-foreground">
              {files === 1
                ? 'A file came with it, which is not kept here.'
                : `${files} files came with it, which are not kept here.`}
            </p>
          )}
        </>
      )}
    </Answer>
  )
}
