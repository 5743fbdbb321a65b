import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { firstNames } from '../../times.ts'
import { type Happening, HappeningRow, useHappenings } from './happenings.tsx'
import { ReplyWords } from './ReplyWords.tsx'
import { recipientName } from './words.ts'

const PAGE = 20

/** What couples wrote, the newest first: answers to letters and texts. */
export function Received({ client }: { readonly client: string | undefined }) {
  const query = { type: 'reply_received', ...(client && { client }) }
  const book = useHappenings(query, PAGE)
  // What a person has told of an answer has no words.
  const replies = (book.data?.pages ?? []).flatMap((page) => page.items).filter((one) => one.personal)
  return (
    <div className="max-w-[860px]">
      <Answer of={book} lines={6}>
        {() =>
          replies.length === 0 ? (
            <EmptyState title="Nobody has written yet">
              Answers to texts stand here, and answers to letters once mail comes back to this house:
              Settings, Channels say how.
            </EmptyState>
          ) : (
            <>
              <ul>
                {replies.map((one) => (
                  <One key={one.id} of={one} />
                ))}
              </ul>
              <LoadMore
                shown={replies.length}
                total={null}
                noun={replies.length === 1 ? 'answer' : 'answers'}
                busy={book.isFetchingNextPage}
                onMore={book.hasNextPage ? () => void book.fetchNextPage() : null}
              />
            </>
          )
        }
      </Answer>
    </div>
  )
}

function One({ of }: { readonly of: Happening }) {
  const { person, message, channel } = of.data
  return (
    <HappeningRow at={of.at}>
      <p>
        {typeof person === 'string' && (
          <span className="font-strong">{recipientName(person, of.names ?? '')}</span>
        )}
        {of.client && (
          <>
            {' of '}
            <Link to="/clients/$clientId" params={{ clientId: of.client }} className={LINK}>
              {firstNames(of.names ?? '')}
            </Link>
          </>
        )}
        <span className="text-small text-muted-foreground">
          {channel === 'email' ? ', by mail' : ', by text'}
        </span>
      </p>
      <ReplyWords of={of.id} data={of.data} />
      {typeof message === 'string' && (
        <Link to="/messages" search={{ is: 'received', message }} className={LINK}>
          The letter it answers
        </Link>
      )}
    </HappeningRow>
  )
}
