import { useQuery } from '@tanstack/react-query'
import { readMessage } from '../../../contract/messages.ts'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'

/** One message as it was written. */
export function MessageSheet({
  message,
  onClose,
}: {
  readonly message: string
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const read = useQuery(asks(readMessage, { params: { vendor, message } }))
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={titleOf(read.data?.data.content)}>
      <Answer of={read}>
        {({ data }) => (
          <div className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            {textOf(data.content) ?? 'Nothing has been written yet.'}
          </div>
        )}
      </Answer>
    </Sheet>
  )
}

type Content = { readonly [part: string]: unknown } | null | undefined
const words = (content: Content, part: string): string | null => {
  const value = content?.[part]
  return typeof value === 'string' && value !== '' ? value : null
}
const titleOf = (content: Content): string => words(content, 'subject') ?? 'A message'
const textOf = (content: Content): string | null => words(content, 'text') ?? words(content, 'body')
