import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Play, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { stopJob } from '../../../contract/jobs.ts'
import { exportSimulation, readSimulation, simulateBook } from '../../../contract/simulations.ts'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { LINK, Section, Zone } from '../../../ui/Type.tsx'
import { Progress } from '../../../ui/Waiting.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks } from '../../api.ts'
import { ExportTable } from '../../ExportTable.tsx'
import { useHere } from '../../session.ts'
import { capital, cityOf, dayIn, inWords } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { useDesigner } from '../designer/context.ts'
import type { Answering } from '../designer/modes.ts'
import { HeatMap } from './HeatMap.tsx'
import { counted, tellWhen } from './steps.ts'
import { useLook } from './useLook.ts'

type Told = z.infer<typeof readSimulation.answer>
const POLL_MS = 700

/** Everybody with a wedding ahead, run ahead on the server, with progress; then the season at a glance. */
export function WholeBook({ journeyId }: { readonly journeyId: string }) {
  const { vendor, may } = useHere()
  const { save } = useDesigner()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const { looked, look } = useLook()
  const { answering = 'typical', job } = looked
  const [times, setTimes] = useState(0)
  const start = (): void =>
    act(async () => {
      await save()
      const body = { of: 'draft', behaviour: answering }
      const { data } = await api(simulateBook, {
        params: { vendor, journey: journeyId },
        body,
        key: keyOf({ ...body, times }),
      })
      setTimes(times + 1)
      look({ job: data.job })
    })
  return (
    <div className="px-5 py-5 pb-24 lg:px-10">
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-strong">They answer</span>
        <div className="w-[240px] sm:w-[210px]">
          <Select
            aria-label="How they answer"
            value={answering}
            choices={[
              { value: 'typical', label: 'As most do, seven in ten' },
              { value: 'always', label: 'After two days' },
              { value: 'worst', label: 'On the last day' },
              { value: 'silent', label: 'Nothing; you do your part' },
              { value: 'never', label: 'Nothing, and nor do you' },
            ]}
            onChange={({ target: { value } }) =>
              look({ answering: value === 'typical' ? undefined : (value as Answering) })
            }
          />
        </div>
        {may(simulateBook) ? (
          <Button look="primary" icon={Play} busy={busy} onClick={start}>
            Run the whole book ahead
          </Button>
        ) : (
          <span className="text-muted-foreground">Whoever designs journeys may run the book ahead.</span>
        )}
      </div>
      {job === undefined ? (
        <p className="mt-6 max-w-[64ch] font-display text-h3 leading-7 text-pretty">
          Every couple with a wedding ahead goes through the journey as it is drawn: those who are on it from
          where they stand, all others as if they began now. You see what would go out on which day, and what
          wants a look. Nothing is sent.
        </p>
      ) : (
        <Result key={job} job={job} journeyId={journeyId} />
      )}
    </div>
  )
}

function Result({ job, journeyId }: { readonly job: string; readonly journeyId: string }) {
  const { vendor, may } = useHere()
  const { act } = useDoing()
  const params = { vendor, journey: journeyId, job }
  const ask = (password: string) => api(exportSimulation, { params, body: { password } })
  const [day, setDay] = useState<string | null>(null)
  const read = useQuery({
    ...asks(readSimulation, { params }),
    refetchInterval: ({ state }) => (state.data?.data.state === 'running' ? POLL_MS : false),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="mt-5">
      <Answer of={read} lines={8}>
        {({ data }) =>
          data.state === 'running' ? (
            <div className="flex max-w-[560px] items-end gap-3">
              <div className="flex-1">
                <Progress label="Couples run ahead" done={data.done} of={data.total} />
              </div>
              {may(stopJob) && (
                <Button
                  size="sm"
                  onClick={() => act(async () => void (await api(stopJob, { params: { vendor, job } })))}
                >
                  Stop
                </Button>
              )}
            </div>
          ) : (
            <Season told={data} day={day ?? data.days[0]?.on ?? null} onDay={setDay} ask={ask} />
          )
        }
      </Answer>
    </div>
  )
}

const LOOKS: { readonly [code: string]: string } = {
  late_skipped: 'is left out, because its moment is past',
  late_task: 'becomes a task for you, because its moment is past',
  deadline_missed: 'is too late for its deadline',
  windows_unsettled: 'finds no day and hour that fits all the rules',
  no_address: 'reaches nobody: an address or number is missing',
  no_consent: 'may not be sent: they have not agreed to it',
  no_recipient: 'is meant for nobody of the couple',
}

function Season({
  told,
  day,
  onDay,
  ask,
}: {
  readonly told: Told
  readonly day: string | null
  readonly onDay: (day: string) => void
  readonly ask: Parameters<typeof ExportTable>[0]['ask']
}) {
  const messages = told.days.reduce((sum, one) => sum + one.messages, 0)
  const tasks = told.days.reduce((sum, one) => sum + one.tasks, 0)
  const looks = told.warnings.length
  const ofDay = told.lines.filter((line) => line.at !== null && dayIn(new Date(line.at), told.zone) === day)
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p
          className="max-w-[760px] flex-auto font-display text-h2 tracking-display text-pretty"
          aria-live="polite"
        >
          {capital(inWords(told.total))} {told.total === 1 ? 'couple gets' : 'couples get'}{' '}
          {counted(messages, 'message')}, and {counted(tasks, 'task')} {tasks === 1 ? 'comes' : 'come'} to you
          {looks === 0 ? (
            '; nothing wants a look.'
          ) : (
            <>
              .{' '}
              <b className="font-strong">
                {capital(inWords(looks))} {looks === 1 ? 'thing wants' : 'things want'} a look.
              </b>
            </>
          )}
        </p>
        {told.lines.length > 0 && (
          <ExportTable
            label="CSV"
            title="Every step of every couple, as a table"
            file="simulation.csv"
            ask={ask}
          />
        )}
      </div>
      <div className="mt-5 grid gap-x-10 gap-y-6 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0">
          {day && <HeatMap days={told.days} worked={told.worked} chosen={day} onChoose={onDay} />}
          {looks > 0 && (
            <ul className="mt-5 border-t border-border">
              {told.warnings.map((one) => (
                <li key={`${one.code} ${one.node}`} className="flex gap-2 border-b border-border py-2">
                  <Icon of={TriangleAlert} className="mt-0.5 shrink-0 text-warning-text" />
                  <span>
                    <b className="font-strong">{one.name}</b>{' '}
                    {LOOKS[one.code] ?? one.code.replaceAll('_', ' ')}
                    <span className="block text-small text-muted-foreground">
                      {counted(one.count, 'couple')}, first{' '}
                      <Link to="/clients/$clientId" params={{ clientId: one.first.id }} className={LINK}>
                        {one.first.names}
                      </Link>
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
        {day && (
          <Section title={tellDay(day)} meta={counted(ofDay.length, 'step')}>
            <ul>
              {ofDay.map((line) => (
                <li
                  key={`${line.client} ${line.node} ${line.at}`}
                  className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-t border-border py-2 first:border-t-0"
                >
                  <span className="pt-1 text-small whitespace-nowrap">
                    {line.at && tellWhen(line.at, told.zone).slice(-5)} <Zone>{cityOf(told.zone)}</Zone>
                  </span>
                  <span className="min-w-0">
                    <Link
                      to="/clients/$clientId"
                      params={{ clientId: line.client }}
                      className={`${LINK} inline-flex min-h-6 items-center`}
                    >
                      {line.names}
                    </Link>
                    <span className="block text-small text-muted-foreground">
                      {line.what === 'skip' ? 'Left out: ' : line.what === 'task' ? 'Task: ' : ''}
                      {line.name}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </>
  )
}
