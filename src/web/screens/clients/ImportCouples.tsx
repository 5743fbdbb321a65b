import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Download, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { checkImport, importClients } from '../../../contract/import.ts'
import { listJobs, undoJob } from '../../../contract/jobs.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { CONTROL } from '../../../ui/Input.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Eyebrow, Lede, LINK, Section } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks, type Seen } from '../../api.ts'
import { download } from '../../download.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { capital, cityOf, hereZone, inWords, tellSoon } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { JobProgress } from './JobProgress.tsx'
import { meaningWord, ownField } from './meanings.ts'
import { useJob } from './useJob.ts'

const room = getRouteApi('/house/clients/import')
const BYTES_MAX = 4_000_000
const PROBLEMS_SHOWN = 50
const BEFORE_SHOWN = 5
type Looked = Seen<typeof checkImport>['data']
type Dates = 'dmy' | 'mdy'

/** A whole book from a table: given, looked at, brought in. Nothing is written before it was looked at. */
export function ImportCouples() {
  const { may } = useHere()
  const { job } = room.useSearch()
  const navigate = useNavigate({ from: '/clients/import' })
  const [text, setText] = useState('')
  if (!may(importClients))
    return (
      <>
        <Eyebrow>Clients</Eyebrow>
        <Lede>Your role sees couples; an owner, manager or assistant brings them in.</Lede>
      </>
    )
  if (job) return <ComingIn job={job} />
  return (
    <>
      <Eyebrow>Clients</Eyebrow>
      {text === '' ? (
        <Give onText={setText} />
      ) : (
        <LookAt
          text={text}
          onOther={() => setText('')}
          onBegun={(begun) => void navigate({ search: { job: begun }, replace: true })}
        />
      )}
    </>
  )
}

/** How far it is, in or out again: who came by mistake goes as a whole, as long as nothing was sent to them. */
function ComingIn({ job }: { readonly job: string }) {
  const { may } = useHere()
  const navigate = useNavigate({ from: '/clients/import' })
  const { job: found, error } = useJob(job)
  const over = found !== null && found.state !== 'running'
  const out = found?.kind === 'undo'
  if (isNotHere(error)) return <NotHere noun="import" />
  return (
    <>
      <Eyebrow>Clients</Eyebrow>
      <Lede>
        {found && over ? <Sentence done={found.done} stay={found.refused} out={out} /> : WORKING[`${out}`]}
      </Lede>
      <div className="max-w-[720px]">
        <JobProgress
          key={job}
          id={job}
          label={out ? 'Taking couples out again' : 'Bringing couples in'}
          left={out ? 'stay' : 'left out'}
          undoable={!out && may(undoJob)}
          undo="Take them all out again"
          onUndo={(undoing) => void navigate({ search: { job: undoing } })}
          closes="See your couples"
          onClose={() => void navigate({ to: '/clients', search: {} })}
        />
        <p className="mt-3 text-small text-muted-foreground">
          {!over
            ? 'You may leave this page; it goes on without you.'
            : out
              ? 'The same table can come in again, mended or as it was.'
              : 'The same table brought in again brings nobody in twice. If it was the wrong one, it can be taken out again: everybody goes to whom nothing was sent.'}
        </p>
      </div>
    </>
  )
}

const WORKING = { true: 'Your couples go out again.', false: 'Your couples are coming in.' }

function Sentence({
  done,
  stay,
  out,
}: {
  readonly done: number
  readonly stay: number
  readonly out: boolean
}) {
  const has = done === 1 ? 'has' : 'have'
  if (!out)
    return (
      <>
        <b>{capital(couples(done))}</b> {has} come into your book.
      </>
    )
  return (
    <>
      <b>{capital(couples(done))}</b> {has} gone out of your book
      {stay > 0 && `; ${inWords(stay)} ${stay === 1 ? 'stays' : 'stay'}`}.
    </>
  )
}

function Give({ onText }: { readonly onText: (text: string) => void }) {
  const chooser = useRef<HTMLInputElement>(null)
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > BYTES_MAX)
      return setProblem('This file is larger than 4 MB. Split it into two; nobody comes in twice.')
    onText(await file.text())
  }
  return (
    <>
      <Lede>
        Bring your couples in from a table. <b>Nothing is written</b> until you have seen what would come of
        it.
      </Lede>
      <div className="mt-5 grid max-w-[720px] gap-5">
        {problem && <Banner kind="danger" live title={problem} />}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button below does the same. */}
        <div
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            void take(event.dataTransfer.files[0])
          }}
          className="rounded-md border border-dashed border-border-strong px-6 py-8 text-center"
        >
          <p className="font-display text-h3 font-medium">A CSV file, as every spreadsheet saves it</p>
          <p className="mt-1 mb-4 text-muted-foreground">
            Its first line names the columns. Names, addresses, the wedding day and whatever else you have.
          </p>
          <input
            ref={chooser}
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            aria-label="CSV file"
            className="sr-only"
            tabIndex={-1}
            onChange={({ target }) => void take(target.files?.[0])}
          />
          <Button look="primary" size="touch" icon={Upload} onClick={() => chooser.current?.click()}>
            Choose a file
          </Button>
        </div>
        <Section title="Or paste it">
          <form
            className="grid gap-3 pt-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (pasted.trim() !== '') onText(pasted)
            }}
          >
            <textarea
              aria-label="The table as text"
              rows={6}
              value={pasted}
              onChange={({ target }) => setPasted(target.value)}
              placeholder={
                'Name,Partner,Email,Wedding date\nEsther Lindqvist,Noah Brandt,esther@example.org,2028-06-10'
              }
              className={`${CONTROL} min-h-32 p-2.5 font-mono text-small`}
            />
            <div>
              <Button type="submit" disabled={pasted.trim() === ''}>
                Look at it
              </Button>
            </div>
          </form>
        </Section>
        <Before />
        <p className="text-small text-muted-foreground">
          <Link to="/clients" search={{}} className={LINK}>
            Back to your couples
          </Link>
        </p>
      </div>
    </>
  )
}

/** What came in lately, each a door to what became of it and to its undo. */
function Before() {
  const { vendor } = useHere()
  const query = { kind: 'client.import', limit: BEFORE_SHOWN }
  const found = useQuery(asks(listJobs, { params: { vendor }, query }))
  const items = found.data?.data.items ?? []
  if (items.length === 0) return null
  return (
    <Section title="Brought in lately" meta={`all times ${cityOf(hereZone())}`}>
      <ul>
        {items.map((one) => (
          <li key={one.id} className="flex items-center gap-3 border-t border-border py-2 first:border-t-0">
            <span className="min-w-0 flex-1">
              <span className="font-strong">{capital(couples(one.done))}</span>{' '}
              <time dateTime={one.at} className="text-muted-foreground">
                {tellSoon(one.at, hereZone())}
              </time>
            </span>
            <Button asChild size="sm">
              <Link to="/clients/import" search={{ job: one.id }}>
                Open<span className="sr-only"> the table of {tellSoon(one.at, hereZone())}</span>
              </Link>
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function LookAt({
  text,
  onOther,
  onBegun,
}: {
  readonly text: string
  readonly onOther: () => void
  readonly onBegun: (job: string) => void
}) {
  const { vendor } = useHere()
  const [columns, setColumns] = useState<{ readonly [name: string]: string }>({})
  const [dates, setDates] = useState<Dates | null>(null)
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const body = { text, columns, ...(dates && { dates }) }
  const looked = useQuery({
    // A whole table as part of the question's name would be kept many times over.
    queryKey: [checkImport.id, vendor, columns, dates, text.length, text.slice(0, 200)],
    queryFn: async () => {
      const { data } = await api(checkImport, { params: { vendor }, body })
      return { data }
    },
    placeholderData: keepPreviousData,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const bring = () =>
    act(async () => {
      const { data } = await api(importClients, {
        params: { vendor },
        body,
        key: keyOf({ columns, dates, text }),
      })
      onBegun(data.job)
    })
  return (
    <Answer of={looked} lines={8}>
      {({ data }) => (
        <>
          <Lede>
            <Sum of={data} />
          </Lede>
          <div className="mt-4 flex flex-wrap items-center gap-3">
            <Button
              look="primary"
              size="lg"
              busy={busy || looked.isPlaceholderData}
              disabled={data.good - data.known <= 0}
              onClick={bring}
            >
              {data.good - data.known > 0
                ? `Bring in ${(data.good - data.known).toLocaleString()}`
                : 'There is nobody to bring in'}
            </Button>
            <Button size="lg" onClick={onOther}>
              Another table
            </Button>
            {data.refused !== null && <TakeAway refused={data.refused} count={data.bad} />}
          </div>
          {data.begins.length > 0 && data.good - data.known > 0 && (
            <div className="mt-4 max-w-[860px]">
              <Banner kind="warning" title="Journeys may begin for them at once">
                {data.begins.map((name) => `“${name}”`).join(', ')}{' '}
                {data.begins.length === 1 ? 'listens' : 'listen'} for new couples or for a date. Pause{' '}
                {data.begins.length === 1 ? 'it' : 'them'} first if nobody should hear from you today.
              </Banner>
            </div>
          )}
          <div className="mt-6 grid gap-6" aria-busy={looked.isPlaceholderData}>
            {data.columns && (
              <Columns
                of={data}
                dates={dates}
                onMeans={(name, means) => setColumns((now) => ({ ...now, [name]: means }))}
                onDates={setDates}
              />
            )}
            {data.problems.length > 0 && <Problems of={data} />}
          </div>
        </>
      )}
    </Answer>
  )
}

const couples = (count: number): string => `${inWords(count)} ${count === 1 ? 'couple' : 'couples'}`

function Sum({ of: { columns, rows, good, known, bad } }: { readonly of: Looked }) {
  if (columns === null) return <>This is not a table yet. What keeps it from being one stands below.</>
  if (good === 0) return <>{capital(couples(rows))} in the table, and none can come in as it is.</>
  return (
    <>
      <b>{capital(couples(good - known))}</b> would come in
      {known > 0 && `, ${inWords(known)} ${known === 1 ? 'is' : 'are'} here already`}
      {bad > 0 && `, ${inWords(bad)} ${bad === 1 ? 'row' : 'rows'} cannot`}.
    </>
  )
}

function TakeAway({ refused, count }: { readonly refused: string; readonly count: number }) {
  const save = () => download('refused-rows.csv', 'text/csv;charset=utf-8', refused)
  return (
    <Button size="lg" icon={Download} onClick={save}>
      The {count.toLocaleString()} refused {count === 1 ? 'row' : 'rows'}, to mend
    </Button>
  )
}

function Columns({
  of: { columns, meanings, problems },
  dates,
  onMeans,
  onDates,
}: {
  readonly of: Looked
  readonly dates: Dates | null
  readonly onMeans: (name: string, means: string) => void
  readonly onDates: (dates: Dates) => void
}) {
  const asksForDates = dates !== null || problems.some(({ message }) => message.includes('may be two days'))
  return (
    <Section title="What each column means" meta="guessed from its name; yours to change">
      {asksForDates && (
        <div className="flex flex-wrap items-center gap-3 py-2">
          <span>03/04/2028 means</span>
          <Segmented
            label="What 03/04/2028 means"
            value={dates ?? ('none' as Dates)}
            segments={[
              { value: 'dmy', label: '3 April' },
              { value: 'mdy', label: '4 March' },
            ]}
            onChange={onDates}
          />
        </div>
      )}
      <ul>
        {(columns ?? []).map(({ name, means, examples }) => (
          <li
            key={name}
            className="grid items-center gap-x-6 gap-y-1 border-b border-border py-2 md:grid-cols-[200px_260px_minmax(0,1fr)]"
          >
            <span className="font-strong">{name || '(without a name)'}</span>
            <Select
              aria-label={`What “${name}” means`}
              value={means ?? '-'}
              choices={[
                { value: '-', label: 'Nothing: leave it out' },
                ...meanings.map((value) => ({ value, label: meaningWord(value) })),
                {
                  value: means?.startsWith('field:') ? means : ownField(name),
                  label: 'Keep it as a field of your own',
                },
              ]}
              onChange={({ target }) => onMeans(name, target.value)}
            />
            <span className="truncate text-small text-muted-foreground">
              {examples.join(' · ') || 'empty'}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Problems({ of: { problems, bad } }: { readonly of: Looked }) {
  const shown = problems.slice(0, PROBLEMS_SHOWN)
  return (
    <Section
      title="What cannot come in"
      meta={bad > 0 ? `${bad.toLocaleString()} ${bad === 1 ? 'row' : 'rows'}` : undefined}
    >
      <ul>
        {shown.map((one) => (
          <li
            key={`${one.line}:${one.column}:${one.message}`}
            className="grid gap-x-4 border-b border-border py-1.5 md:grid-cols-[200px_minmax(0,1fr)]"
          >
            <span className="text-muted-foreground">
              Line {one.line.toLocaleString()}
              {one.of && `, ${one.of}`}
            </span>
            <span>{one.message}</span>
          </li>
        ))}
      </ul>
      {problems.length > shown.length && (
        <p className="pt-2 text-small text-muted-foreground">
          These are the first. All of them stand in the file of refused rows.
        </p>
      )}
    </Section>
  )
}
