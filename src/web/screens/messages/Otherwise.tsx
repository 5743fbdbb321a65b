import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Input } from '../../../contract/connect.ts'
import { editMessages, previewEdit, previewMessage } from '../../../contract/messages.ts'
import { listRuns } from '../../../contract/runs.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Skeleton } from '../../../ui/Waiting.tsx'
import { api, asks, wordsOf } from '../../api.ts'
import { useHere } from '../../session.ts'
import { firstNames } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { useRested } from '../../useRested.ts'
import { Letter } from './Letter.tsx'
import { WordFields } from './WordFields.tsx'

/** One message, and the couples for whom it is to be said otherwise. */
export type Meant = {
  readonly key: string
  readonly name: string
  readonly node: string
  /** Where its own words are written. */
  readonly journey: string | null
  readonly which: Input<typeof editMessages>['body']['which']
  readonly count: number
  /** To look through; of a whole book only the first. */
  readonly couples: readonly Couple[]
}
type Couple = { readonly client: string; readonly names: string; readonly run: string | null }
export type Said = { readonly job: string; readonly label: string }

const COUPLES = (count: number): string => `${count.toLocaleString()} ${count === 1 ? 'couple' : 'couples'}`

/**
 * Other words for some couples, once: written on the left, read on the right as each of them would get it, and kept
 * for all of them as one job that can be taken back. Whoever does not come to the message any more is left out.
 */
export function Otherwise({
  meant,
  children,
  onSaid,
  onClose,
}: {
  /** Null while it is not chosen which message it is. */
  readonly meant: Meant | null
  /** How one chooses. */
  readonly children?: ReactNode
  readonly onSaid: (said: Said) => void
  readonly onClose: () => void
}) {
  const [said, setSaid] = useState<{ readonly of: string; readonly words: Words } | null>(null)
  const [shown, setShown] = useState(0)
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const words = said && said.of === meant?.key ? said.words : null
  const couple = meant?.couples[shown] ?? meant?.couples[0] ?? null
  const run = useRunOf(meant, couple)
  const begins = useQuery({
    ...asks(previewMessage, { params: { vendor, run: run ?? '', node: meant?.node ?? '' } }),
    enabled: run !== null && meant !== null,
    retry: false,
  })
  const own = begins.data?.data.words
  const changed = words !== null && Object.values(words).some((text) => text !== undefined)
  const keep = (): void =>
    act(async () => {
      if (!meant || !words) return
      const body = { which: meant.which, node: meant.node, words }
      const { data } = await api(editMessages, { params: { vendor }, body, key: keyOf(body) })
      onSaid({ job: data.job, label: `“${meant.name}” said otherwise for ${COUPLES(meant.count)}` })
    })
  return (
    <Dialog
      wide
      open
      onOpenChange={(open) => !open && onClose()}
      title={meant ? `Say it otherwise for ${COUPLES(meant.count)}` : 'Say a message otherwise'}
      description="Once, and for them alone: the journey keeps its own words for everybody else."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} disabled={!changed || !meant?.count} onClick={keep}>
            {!meant || meant.count === 0
              ? 'Choose a message first'
              : changed
                ? `Say it so to ${COUPLES(meant.count)}`
                : 'Change the words first'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 pb-2">
        {children}
        {meant && couple && (
          <div className="grid gap-x-6 gap-y-4 border-t border-border pt-4 md:grid-cols-2">
            <div className="grid content-start gap-3">
              {own && Object.keys(own).length > 0 ? (
                <>
                  <WordFields
                    own={own}
                    said={words ?? {}}
                    onSay={(next) => setSaid({ of: meant.key, words: next })}
                  />
                  <p className="text-small text-muted-foreground">
                    What stands in braces is filled in for each couple.
                    {!('body' in own) && !('text' in own) && (
                      <>
                        {' '}
                        The letter itself has a layout of its own: it is written{' '}
                        {meant.journey ? (
                          <Link
                            to="/journeys/$journeyId"
                            params={{ journeyId: meant.journey }}
                            search={{ step: meant.node }}
                            className={LINK}
                          >
                            in the journey
                          </Link>
                        ) : (
                          'in the journey'
                        )}
                        .
                      </>
                    )}
                  </p>
                </>
              ) : own ? (
                <p className="text-muted-foreground">Nothing of this message is said in words of yours.</p>
              ) : begins.error ? (
                <Banner kind="danger" title={wordsOf(begins.error)} />
              ) : run === null ? (
                <p className="text-muted-foreground">
                  {firstNames(couple.names)} are not on this journey; look through another couple.
                </p>
              ) : (
                <Skeleton lines={6} />
              )}
            </div>
            <div className="grid content-start gap-3">
              <Field label="As it reaches">
                <Select
                  value={String(Math.min(shown, meant.couples.length - 1))}
                  choices={meant.couples.map(({ names }, at) => ({
                    value: String(at),
                    label: firstNames(names),
                  }))}
                  onChange={({ target }) => setShown(Number(target.value))}
                />
              </Field>
              {run !== null && own && (
                <AsWritten run={run} node={meant.node} words={changed ? words : null} />
              )}
            </div>
          </div>
        )}
      </div>
    </Dialog>
  )
}

type Words = Input<typeof editMessages>['body']['words']

/** Which of their runs it is: known already, or the one they have of this journey. */
function useRunOf(meant: Meant | null, couple: Couple | null): string | null {
  const { vendor } = useHere()
  const query = {
    limit: 1,
    ...(couple && { client: couple.client }),
    ...(meant?.journey && { journey: meant.journey }),
  }
  const runs = useQuery({
    ...asks(listRuns, { params: { vendor }, query }),
    enabled: couple !== null && couple.run === null && meant !== null,
  })
  return couple?.run ?? runs.data?.data.items[0]?.id ?? null
}

const READ_AGAIN_WITHIN_MS = 60_000

/** As this couple would get it: the journey's words, or what is being written. */
function AsWritten({
  run,
  node,
  words,
}: {
  readonly run: string
  readonly node: string
  readonly words: Words | null
}) {
  const { vendor } = useHere()
  const params = { vendor, run, node }
  const written = useRested(words)
  const before = useQuery({ ...asks(previewMessage, { params }), retry: false })
  const after = useQuery({
    ...asks(previewEdit, { params, body: { words: written ?? {} } }),
    enabled: written !== null,
    placeholderData: keepPreviousData,
    gcTime: READ_AGAIN_WITHIN_MS,
    retry: false,
  })
  const seen = written === null ? before : after
  if (seen.error) return <Banner kind="warning" live title={wordsOf(seen.error)} />
  if (!seen.data) return <Skeleton lines={6} />
  const { content, unresolved, why, kind, edited } = seen.data.data
  if (!content)
    return (
      <Banner
        kind="warning"
        live
        title={
          unresolved.length > 0
            ? `There is no value for ${unresolved.join(', ')}: it would wait for you.`
            : (why ?? 'The text could not be made.')
        }
      />
    )
  return (
    <>
      {why && <Banner kind="warning" title={why} />}
      {edited && (
        <p className="text-small text-muted-foreground">
          They have words of their own already; yours take their place.
        </p>
      )}
      <Letter content={content} kind={kind} />
    </>
  )
}
