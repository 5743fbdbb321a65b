import { useInfiniteQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import { checkAudit } from '../../../contract/audit.ts'
import { isSample } from '../../../core/sample.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Progress } from '../../../ui/Waiting.tsx'
import { Answer } from '../../Answer.tsx'
import { api, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { hereZone, tellSoon } from '../../times.ts'

type Page = Seen<typeof checkAudit>['data']
type Check = Omit<Page, 'upTo' | 'next'>
const SHOWN = 5

/** Up to when the record is sealed, and that it was compared with its seals just now, page by page. */
export function SealedRecord() {
  const { vendor } = useHere()
  const check = useInfiniteQuery({
    queryKey: [checkAudit.id, vendor],
    queryFn: async ({ pageParam }) =>
      (await api(checkAudit, { params: { vendor }, query: pageParam ? { cursor: pageParam } : {} })).data,
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    enabled: !isSample(vendor),
  })
  const { hasNextPage, isFetching, isError, fetchNextPage } = check
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  if (isSample(vendor))
    return <p className="mt-3 text-muted-foreground">The record of a sample studio is not sealed.</p>
  return (
    <div className="mt-3 mb-2 border-b border-border pb-3">
      <Answer of={check} lines={2}>
        {({ pages }) => {
          const whole = together(pages)
          const { next, upTo } = pages.at(-1)!
          if (whole.found > 0) return <Altered check={whole} />
          if (next === null) return <Whole check={whole} />
          return (
            <div className="flex max-w-[560px] items-end gap-3">
              <div className="flex-1">
                <Progress
                  label="Seals compared with the record"
                  done={upTo ?? 0}
                  of={whole.seal?.place ?? upTo ?? 0}
                />
              </div>
              {isError && (
                <Button size="sm" busy={isFetching} onClick={() => void fetchNextPage()}>
                  Try again
                </Button>
              )}
            </div>
          )
        }}
      </Answer>
    </div>
  )
}

function together(pages: readonly Page[]): Check {
  const { checked, seal, waiting } = pages.at(-1)!
  const sum = (of: (page: Page) => number): number => pages.reduce((total, page) => total + of(page), 0)
  return {
    ...{ checked, seal, waiting },
    sealed: sum((page) => page.sealed),
    letGo: sum((page) => page.letGo),
    found: sum((page) => page.found),
    altered: pages.flatMap((page) => page.altered),
  }
}

const changes = (count: number): string => `${count.toLocaleString()} ${count === 1 ? 'change' : 'changes'}`

function Whole({ check: { seal, sealed, letGo, waiting, checked } }: { readonly check: Check }) {
  if (seal === null)
    return (
      <p className="text-muted-foreground">Nothing is sealed yet; the first seal comes within ten minutes.</p>
    )
  return (
    <div className="flex gap-2">
      <span className="mt-0.5 text-success-text">
        <Icon of={ShieldCheck} size={16} />
      </span>
      <div className="min-w-0">
        <p>
          <span className="font-strong">
            Sealed up to <time dateTime={seal.until}>{tellSoon(seal.until, hereZone())}</time>
          </span>
          , checked <time dateTime={checked}>{tellSoon(checked, hereZone())}</time>: {changes(sealed)}, none
          edited, taken out or slipped in
          {waiting > 0 &&
            `; ${waiting.toLocaleString()} more ${waiting === 1 ? 'waits' : 'wait'} for the next seal`}
          .
        </p>
        <p className="text-small text-muted-foreground">
          {letGo > 0 && `${changes(letGo)} of long ago were let go of. `}
          Seal {seal.place.toLocaleString()}, <code className="break-all">{seal.hash.slice(0, 16)}</code>:
          write it down elsewhere, and you can tell for yourself later.
        </p>
      </div>
    </div>
  )
}

const WORDS: { readonly [is in Check['altered'][number]['is']]: string } = {
  edited: 'A change was edited after it was sealed',
  deleted: 'A change was taken out after it was sealed',
  slipped_in: 'A change was slipped in afterwards',
  seal_broken: 'A seal does not hold',
  seal_missing: 'A seal is missing',
  let_go_early: 'Changes were let go of before their time',
}

function Altered({ check: { altered, found, checked } }: { readonly check: Check }) {
  const shown = altered.slice(0, SHOWN)
  return (
    <Banner
      kind="danger"
      title={`This record was altered, as a check ${tellSoon(checked, hereZone())} shows`}
    >
      <ul className="mt-1 grid gap-0.5">
        {shown.map(({ is, id, place }) => (
          <li key={`${is} ${id} ${place}`}>
            {WORDS[is]}
            {place !== null && `, seal ${place}`}
            {id && (
              <>
                : <code className="break-all">{id}</code>
              </>
            )}
          </li>
        ))}
        {found > shown.length && <li>and {(found - shown.length).toLocaleString()} more</li>}
      </ul>
      <p className="mt-2">
        Nobody can do this from here: ask whoever keeps your server who may write to its database. “wedsync
        audit verify” names every one.
      </p>
    </Banner>
  )
}
