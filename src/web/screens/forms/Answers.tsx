import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type AnswerPage, exportAnswers, listAnswers } from '../../../contract/answers.ts'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api } from '../../api.ts'
import { ExportTable } from '../../ExportTable.tsx'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellSoon } from '../../times.ts'

type Item = AnswerPage['items'][number]
const PAGE = 50
/** More columns than these are read couple by couple. */
const COLUMNS_SHOWN_MAX = 3

/** What couples answered: a line for each, the whole of it behind their names, and all of it as a file. */
export function Answers({
  form,
  name,
  of,
}: {
  readonly form: string
  readonly name: string
  /** The couple whose answers are being read. */
  readonly of: string | undefined
}) {
  const { vendor } = useHere()
  const params = { vendor, form }
  const navigate = useNavigate({ from: '/forms/$formId' })
  const pages = useInfiniteQuery({
    queryKey: [listAnswers.id, params],
    queryFn: async ({ pageParam }) =>
      (await api(listAnswers, { params, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } }))
        .data,
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  return (
    <Answer of={{ ...pages, data: pages.data }}>
      {(data) => {
        const items = data.pages.flatMap((page) => page.items)
        const columns = data.pages[0]?.columns ?? []
        const read = items.find(({ client }) => client === of)
        if (items.length === 0)
          return (
            <EmptyState title="Nobody has answered yet">
              <p>
                Put the form into a journey, or make a link for one couple; their answers stand here then.
              </p>
            </EmptyState>
          )
        return (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-3">
              <p className="text-muted-foreground">
                A couple’s names open all their answers. Times are {cityOf(hereZone())}.
              </p>
              <span className="ml-auto">
                <ExportTable
                  label="All answers as CSV"
                  title={`All answers to “${name}”`}
                  file={`${name} answers.csv`}
                  ask={(password) => api(exportAnswers, { params, body: { password } })}
                />
              </span>
            </div>
            <Table
              label="Answers"
              columns={[couple(form), ANSWERED, ...columns.slice(0, COLUMNS_SHOWN_MAX).map(answerColumn)]}
              rows={items}
              rowKey={({ client }) => client}
              rowName={({ names }) => names}
              below={(one) => tellSoon(one.at, hereZone())}
            />
            {read && (
              <Sheet
                open
                onOpenChange={(open) =>
                  !open && void navigate({ search: { part: 'answers' }, replace: true })
                }
                title={read.names}
                description={`Answered ${tellSoon(read.at, hereZone())} ${cityOf(hereZone())}.`}
                actions={
                  <Button asChild size="touch">
                    <Link to="/clients/$clientId" params={{ clientId: read.client }}>
                      Open the couple
                    </Link>
                  </Button>
                }
              >
                <dl className="grid gap-y-3">
                  {columns
                    .filter(({ id }) => read.words[id])
                    .map(({ id, label }) => (
                      <div key={id}>
                        <dt className="text-small text-muted-foreground">{label}</dt>
                        <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">{read.words[id]}</dd>
                      </div>
                    ))}
                </dl>
              </Sheet>
            )}
            <LoadMore
              shown={items.length}
              total={null}
              noun={items.length === 1 ? 'answer' : 'answers'}
              busy={pages.isFetchingNextPage}
              onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : null}
            />
          </>
        )
      }}
    </Answer>
  )
}

const couple = (form: string): Column<Item> => ({
  id: 'couple',
  head: 'Couple',
  cell: ({ client, names }) => (
    <Link
      to="/forms/$formId"
      params={{ formId: form }}
      search={{ part: 'answers', of: client }}
      className={`${LINK} whitespace-nowrap`}
    >
      {names}
    </Link>
  ),
})

const ANSWERED: Column<Item> = {
  id: 'at',
  head: 'Answered',
  width: '170px',
  cell: ({ at }) => <time dateTime={at}>{tellSoon(at, hereZone())}</time>,
}

const answerColumn = ({ id, label }: AnswerPage['columns'][number]): Column<Item> => ({
  id: `answer-${id}`,
  head: label.length > 28 ? `${label.slice(0, 27)}…` : label,
  width: '190px',
  cell: ({ words }) => (
    <span className="block max-w-[190px] truncate" title={words[id]}>
      {words[id] ?? '–'}
    </span>
  ),
})
