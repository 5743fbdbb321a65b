import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { diffJourney, listVersions, readVersion, saveDraft } from '../../../contract/journeys.ts'
import type { Journey, Node } from '../../../core/journey/graph.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, asks, wordsOf } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { DifferenceList } from '../foresight/Differences.tsx'
import { useDesigner } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { useWho } from './useWho.ts'

/** What this journey was: every version with who made it, what two of them differ in, and the way back to one. */
export function Versions({
  keeper,
  onClose,
}: {
  readonly keeper: DraftKeeper
  readonly onClose: () => void
}) {
  const { journeyId } = useDesigner()
  const { vendor, may } = useHere()
  const params = { vendor, journey: journeyId }
  const versions = useQuery(asks(listVersions, { params }))
  const who = useWho()
  const restore = async (version: number): Promise<void> => {
    try {
      const { data } = await api(readVersion, { params: { ...params, version } })
      const document = data.document as unknown as Journey
      keeper.edit({ label: `Restore version ${version}`, document, step: null })
      toast(`Version ${version} is the draft now`, { undo: () => keeper.undo() })
      onClose()
    } catch (error) {
      toast(wordsOf(error))
    }
  }
  return (
    <Sheet title="Versions" open onOpenChange={onClose}>
      <Answer of={versions}>
        {({ data: { items } }) =>
          items.length === 0 ? (
            <p className="text-muted-foreground">
              It was never published: there is only this draft. Publishing makes version 1.
            </p>
          ) : (
            <>
              <Compare keeper={keeper} versions={items.map((one) => one.version)} />
              <ol className="mt-5">
                {items.map((one) => (
                  <li key={one.version} className="border-t border-border py-2.5">
                    <div className="flex flex-wrap items-center gap-2">
                      <span className="font-strong">Version {one.version}</span>
                      {one.live && <Badge tone="success">Live</Badge>}
                      {one.rolledBack && <Badge>Taken back</Badge>}
                      {may(saveDraft) && (
                        <span className="ml-auto">
                          <Button size="sm" onClick={() => void restore(one.version)}>
                            Restore as draft
                          </Button>
                        </span>
                      )}
                    </div>
                    <p className="text-small text-muted-foreground">
                      {tellMoment(one.at, hereZone())} {cityOf(hereZone())}, by {who(one.by)} ·{' '}
                      {one.onIt.toLocaleString()} {one.onIt === 1 ? 'couple is' : 'couples are'} on it
                    </p>
                  </li>
                ))}
              </ol>
            </>
          )
        }
      </Answer>
    </Sheet>
  )
}

function Compare({
  keeper,
  versions,
}: {
  readonly keeper: DraftKeeper
  readonly versions: readonly number[]
}) {
  const { journeyId, document } = useDesigner()
  const { vendor } = useHere()
  const [from, setFrom] = useState(String(versions[0] ?? ''))
  const [to, setTo] = useState('draft')
  const difference = useQuery({
    queryKey: [diffJourney.id, journeyId, from, to],
    queryFn: async () => {
      // What is compared is what is drawn, not what was drawn a second ago.
      if (to === 'draft') await keeper.save()
      const params = { vendor, journey: journeyId }
      const stepsOf = async (version: string): Promise<readonly Node[]> => {
        const read = await api(readVersion, { params: { ...params, version: Number(version) } })
        return (read.data.document as unknown as Journey).nodes
      }
      const [{ data }, before, after] = await Promise.all([
        api(diffJourney, { params, query: { from, to } }),
        stepsOf(from),
        to === 'draft' ? document.nodes : stepsOf(to),
      ])
      return { diff: data, nodes: new Map([...before, ...after].map((node) => [node.id as string, node])) }
    },
    staleTime: 0,
  })
  const choices = [
    { value: 'draft', label: 'the draft' },
    ...versions.map((one) => ({ value: String(one), label: `version ${one}` })),
  ]
  return (
    <>
      <div className="grid grid-cols-2 gap-2">
        <Field label="Compare">
          <Select value={to} choices={choices} onChange={(event) => setTo(event.target.value)} />
        </Field>
        <Field label="with">
          <Select value={from} choices={choices.slice(1)} onChange={(event) => setFrom(event.target.value)} />
        </Field>
      </div>
      <div className="mt-2" aria-live="polite">
        <Answer of={difference}>
          {({ diff, nodes }) =>
            diff.same ? (
              <p className="text-muted-foreground">They are the same.</p>
            ) : (
              <DifferenceList diff={diff} nodes={nodes} />
            )
          }
        </Answer>
      </div>
    </>
  )
}
