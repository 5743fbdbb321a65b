import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type AnswerPage, exportAnswers, listAnswers } from '../../../contract/answers.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { tellDay } from '../../../ui/month.ts'
import { type Column, Table } from '../../../ui/Table.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api } from '../../api.ts'
import { ExportTable } from '../../ExportTable.tsx'
import { useHere } from '../../session.ts'
import { dayIn, hereZone } from '../../times.ts'

type Item = AnswerPage['items'][number]
const PAGE = 50
/** More columns than these are read in the file. */
const COLUMNS_SHOWN_MAX = 6

/** What couples answered, each with the door to them; the whole of it as a file for a spreadsheet. */
export function Answers({ form, name }: { readonly form: string; readonly name: string }) {
  const { vendor } = useHere()
  const params = { vendor, form }
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
                {columns.length > COLUMNS_SHOWN_MAX &&
                  `The first ${COLUMNS_SHOWN_MAX} of ${columns.length} questions; the file has all of them.`}
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
              columns={[...OWN, ...columns.slice(0, COLUMNS_SHOWN_MAX).map(answerColumn)]}
              rows={items}
              rowKey={({ client }) => client}
              rowName={({ names }) => names}
              below={(one) => Object.values(one.words)[0] ?? ''}
            />
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

const OWN: readonly Column<Item>[] = [
  {
    id: 'couple',
    head: 'Couple',
    cell: ({ client, names }) => (
      <Link to="/clients/$clientId" params={{ clientId: client }} className={LINK}>
        {names}
      </Link>
    ),
  },
  {
    id: 'at',
    head: 'Answered',
    width: '130px',
    onPhone: true,
    cell: ({ at }) => <time dateTime={at}>{tellDay(dayIn(new Date(at), hereZone()))}</time>,
  },
]

const answerColumn = ({ id, label }: AnswerPage['columns'][number]): Column<Item> => ({
  id: `answer-${id}`,
  head: label.length > 28 ? `${label.slice(0, 27)}…` : label,
  width: '150px',
  cell: ({ words }) => (
    <span className="line-clamp-2" title={words[id]}>
      {words[id] ?? '–'}
    </span>
  ),
})
