import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Play, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { readJob } from '../../../contract/jobs.ts'
import { listJourneys, listVersions, readDraft } from '../../../contract/journeys.ts'
import {
  moveToVersion,
  previewPublish,
  publishJourney,
  rollBackVersion,
} from '../../../contract/publications.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Progress } from '../../../ui/Waiting.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, heard } from '../../api.ts'
import { jobDetail } from '../../job-words.ts'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { capital, inWords } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import type { DesignerPart } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { Cohorts } from './Cohorts.tsx'
import { Differences } from './Differences.tsx'
import {
  type Cohort,
  cohortKey,
  type Foreseen,
  lacks,
  planOf,
  usualWish,
  type Wishes,
  without,
} from './plan.ts'
import { counted, tellWhere } from './steps.ts'
import { askForRuns } from './useCommand.ts'

/** Nothing is asked of the server about couples until what is drawn is there. */
function useSaved(): string | null {
  const { save, document } = useDesigner()
  const [etag, setEtag] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something is drawn, it is saved first.
  useEffect(() => {
    let over = false
    setEtag(null)
    save()
      .then(async (saved) => {
        await askAgain(previewPublish, readDraft)
        if (!over) setEtag(saved)
      })
      .catch(heard)
    return () => {
      over = true
    }
  }, [document])
  return etag
}

/** Publishing, with the difference, a plan for each group of couples, and its result before it is one. */
export function Publish({ journeyId }: DesignerPart) {
  const { vendor } = useHere()
  const params = { vendor, journey: journeyId }
  const etag = useSaved()
  const [wishes, setWishes] = useState<Wishes>({})
  const [job, setJob] = useState<string | null>(null)
  const draft = useQuery({ ...asks(readDraft, { params }), enabled: etag !== null })
  // Who is where is asked first, so that each group can have a plan of its own.
  const first = useQuery({
    ...asks(previewPublish, { params, body: { otherwise: { is: 'move' } } }),
    enabled: etag !== null,
    placeholderData: keepPreviousData,
  })
  const versions = useQuery(asks(listVersions, { params }))
  const live = versions.data?.data.items.find((one) => one.live)?.version ?? null
  const isDraft = draft.data?.data.saved === true && first.data?.data.diff?.same !== true
  const concerned = (runs: Foreseen | null): Foreseen | null =>
    runs !== null && !isDraft && live !== null ? without(runs, live) : runs
  const cohorts = concerned(first.data?.data.runs ?? null)?.cohorts ?? []
  const plan = planOf(cohorts, wishes)
  const planned = useQuery({
    ...asks(previewPublish, { params, body: plan }),
    enabled: etag !== null && cohorts.length > 0,
    placeholderData: keepPreviousData,
  })
  const told = cohorts.length > 0 ? planned : first
  const next = Math.max(0, ...(versions.data?.data.items.map((one) => one.version) ?? [])) + 1
  return (
    <div className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-[minmax(320px,30%)_minmax(0,1fr)] lg:overflow-hidden">
      <aside
        aria-label="What is different"
        className="min-h-0 border-b border-border bg-sunken px-5 py-5 lg:overflow-y-auto lg:border-r lg:border-b-0 lg:px-8"
      >
        <Answer of={first}>{({ data }) => <Differences told={data} live={live} next={next} />}</Answer>
      </aside>
      <div className="min-h-0 px-5 py-5 pb-24 lg:overflow-y-auto lg:px-8">
        <Answer of={told} lines={8}>
          {({ data: { runs, ...data } }) => (
            <>
              <p
                className="max-w-[800px] font-display text-h2 tracking-display text-pretty"
                aria-live="polite"
              >
                {lede(concerned(runs), isDraft, next, live, data.sound, data.begins)}
              </p>
              {runs && cohorts.length > 0 && (
                <Cohorts
                  cohorts={cohorts}
                  foreseen={runs}
                  version={isDraft ? next : (live ?? next)}
                  wishes={wishes}
                  onWish={(cohort, wish) => setWishes((before) => ({ ...before, [cohortKey(cohort)]: wish }))}
                />
              )}
              <Act
                {...{ cohorts, wishes, etag, isDraft, live, next, job }}
                sound={data.sound}
                runs={concerned(runs)}
                journeyId={journeyId}
                onJob={setJob}
              />
            </>
          )}
        </Answer>
        <Versions journeyId={journeyId} />
      </div>
    </div>
  )
}

function lede(
  runs: Foreseen | null,
  isDraft: boolean,
  next: number,
  live: number | null,
  sound: boolean,
  begins: number,
): string {
  if (!sound) return 'The draft has errors. Mend them first; nothing can be published until then.'
  const fresh = begins > 0 ? ` ${capital(counted(begins, 'couple begins', 'couples begin'))} it at once.` : ''
  if (live === null) return `This is the first version: nobody is on it yet.${fresh}`
  if (!runs || runs.total === 0)
    return isDraft
      ? `Nobody is on their way on an earlier version. Version ${next} is for whoever begins from now on.${fresh}`
      : `Version ${live} is live, and everybody who is on their way is on it.`
  const moves = `${runs.moves.toLocaleString()} of ${counted(runs.total, 'couple')}`
  const rest = runs.finishes > 0 ? `; ${inWords(runs.finishes)} finish where they began` : ''
  const blocked =
    runs.blocked > 0 ? `; ${inWords(runs.blocked)} cannot be taken along as the plan stands` : ''
  return isDraft
    ? `With version ${next}, ${moves} ${runs.moves === 1 ? 'moves' : 'move'} to it${rest}${blocked}.${fresh}`
    : `Version ${live} is live. ${capital(moves)} on an earlier one would move to it${rest}${blocked}.`
}

function Act({
  journeyId,
  cohorts,
  wishes,
  runs,
  sound,
  etag,
  isDraft,
  live,
  next,
  job,
  onJob,
}: {
  readonly journeyId: string
  readonly cohorts: readonly Cohort[]
  readonly wishes: Wishes
  readonly runs: Foreseen | null
  readonly sound: boolean
  readonly etag: string | null
  readonly isDraft: boolean
  readonly live: number | null
  readonly next: number
  readonly job: string | null
  readonly onJob: (job: string | null) => void
}) {
  const { vendor, may } = useHere()
  const { reload } = useDesigner()
  const { busy, act } = useDoing()
  const [first, setFirst] = useState('')
  const params = { vendor, journey: journeyId }
  const moving = runs?.couples.filter((one) => one.is === 'moves') ?? []
  const missing = cohorts.reduce(
    (sum, cohort) => sum + lacks(cohort, wishes[cohortKey(cohort)] ?? usualWish(cohort)).length,
    0,
  )
  const settle = async () => {
    await reload()
    await Promise.all([askAgain(previewPublish, listVersions, listJourneys), askForRuns()])
  }
  const go = (only: string | null): void =>
    act(async () => {
      const body = planOf(cohorts, wishes, only)
      const who = only === null ? null : moving.find((one) => one.run === only)?.names
      if (isDraft) {
        const { data } = await api(publishJourney, { params, body, ifMatch: etag ?? '*' })
        onJob(data.job)
        toast(`Version ${data.version} is live${who ? `; ${who} are tried on it` : ''}`)
      } else if (live !== null) {
        const { data } = await api(moveToVersion, { params: { ...params, version: live }, body })
        onJob(data.job)
        toast(who ? `${who} go over to version ${live}` : `Couples go over to version ${live}`)
      }
      await settle()
    })
  const count = runs?.moves ?? 0
  const mayGo = may(publishJourney) && (isDraft || count > 0)
  const isReady = sound && etag !== null && missing === 0
  const says = isDraft
    ? count > 0
      ? `Publish and move ${count}`
      : `Publish version ${next}`
    : `Move ${count} to version ${live}`
  useActs(mayGo && isReady && !busy ? [{ label: says, icon: Play, run: () => go(null) }] : [])
  if (!may(publishJourney))
    return (
      <p className="mt-5 text-muted-foreground">You can look and plan; a manager or the owner publishes.</p>
    )
  return (
    <div className="mt-5 grid gap-4">
      {job && <Moving job={job} onDone={() => void settle()} />}
      {mayGo && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-md border border-border bg-card p-4">
          {moving.length > 1 && (
            <div className="min-w-0 flex-1">
              <p className="font-strong">Try it on one couple first</p>
              <p className="text-small text-muted-foreground">
                They move now; the other {inWords(count - 1)} wait until you say so.
              </p>
            </div>
          )}
          {moving.length > 1 && (
            <div className="flex items-center gap-2">
              <div className="w-[200px]">
                <Select
                  aria-label="Whom to try it on"
                  value={first || moving[0]!.run}
                  choices={moving.map((one) => ({ value: one.run, label: one.names }))}
                  onChange={({ target }) => setFirst(target.value)}
                />
              </div>
              <Button busy={busy} disabled={!isReady} onClick={() => go(first || moving[0]!.run)}>
                {isDraft ? 'Publish for them only' : 'Move them only'}
              </Button>
            </div>
          )}
          <Button look="primary" size="lg" busy={busy} disabled={!isReady} onClick={() => go(null)}>
            {missing > 0
              ? `${isDraft ? 'Publish' : 'Move'}, ${missing} ${missing === 1 ? 'step has' : 'steps have'} no successor`
              : says}
          </Button>
        </div>
      )}
      {mayGo && (
        <p className="flex items-start gap-1.5 text-small text-muted-foreground">
          <Icon of={Undo2} size={14} className="mt-0.5" />
          Rolling back restores every plan exactly as it is now. What has been sent in between is kept and
          never sent again.
        </p>
      )}
    </div>
  )
}

const POLL_MS = 700

/** Couples going over, with counts and what was refused. */
function Moving({ job, onDone }: { readonly job: string; readonly onDone: () => void }) {
  const { vendor } = useHere()
  const read = useQuery({
    ...asks(readJob, { params: { vendor, job }, query: {} }),
    refetchInterval: ({ state }) => (state.data?.data.state === 'running' ? POLL_MS : false),
  })
  const data = read.data?.data
  const isOver = data !== undefined && data.state !== 'running'
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it is over.
  useEffect(() => {
    if (isOver) onDone()
  }, [isOver])
  if (!data) return null
  const through = data.done + data.refused
  return (
    <div className="grid gap-2">
      <Progress
        label={isOver ? 'Couples have gone over' : 'Couples go over'}
        done={through}
        of={data.total}
        {...jobDetail(data, 'refused')}
      />
      {data.results.length > 0 && (
        <Banner kind="warning" title={`${counted(data.refused, 'couple')} stayed where they were`}>
          {[...new Set(data.results.map((one) => one.why))].filter(Boolean).join(' ')}
        </Banner>
      )}
    </div>
  )
}

/** Every version there was, and the way back from the newest. */
function Versions({ journeyId }: { readonly journeyId: string }) {
  const { vendor, may } = useHere()
  const { reload } = useDesigner()
  const { busy, act } = useDoing()
  const params = { vendor, journey: journeyId }
  const versions = useQuery(asks(listVersions, { params }))
  const items = versions.data?.data.items ?? []
  const rollBack = (version: number): void =>
    act(async () => {
      const { data } = await api(rollBackVersion, { params: { ...params, version } })
      await reload()
      await Promise.all([askAgain(previewPublish, listVersions, listJourneys), askForRuns()])
      const told = [
        data.restored > 0 ? `${counted(data.restored, 'couple')} as they stood` : '',
        data.moved > 0 ? `${data.moved} taken back where they stand` : '',
        data.kept > 0 ? `${data.kept} stay on the newer one` : '',
      ].filter(Boolean)
      toast(`Version ${data.live} is live again${told.length > 0 ? `: ${told.join(', ')}` : ''}`)
    })
  const backs = items.filter(
    (one) => one.live && one.after !== null && !one.rolledBack && may(rollBackVersion),
  )
  useActs(
    backs.map(({ version, after }) => ({
      label: `Roll back to version ${after}`,
      icon: Undo2,
      run: () => rollBack(version),
    })),
  )
  if (items.length === 0) return null
  return (
    <div className="mt-8">
      <Section title="Versions">
        <ul>
          {items.map((one) => (
            <li
              key={one.version}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2 first:border-t-0"
            >
              <span className="font-strong">Version {one.version}</span>
              <span className="text-small text-muted-foreground">
                <time dateTime={one.at}>{tellWhere(one.at, zoneHere)}</time>
                {one.live && ', live'}
                {one.rolledBack && `, taken back ${tellWhere(one.rolledBack, zoneHere)}`}
              </span>
              <span className="text-small text-muted-foreground">{counted(one.onIt, 'couple')} on it</span>
              {backs.includes(one) && (
                <span className="ml-auto">
                  <Button size="sm" icon={Undo2} busy={busy} onClick={() => rollBack(one.version)}>
                    Roll back to version {one.after}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
const zoneHere = Intl.DateTimeFormat().resolvedOptions().timeZone
