import type { previewVendor } from '../../../contract/vendors.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import type { Seen } from '../../api.ts'
import { cityOf, dayIn, tellSoon, tellTime } from '../../times.ts'

export type Foreseen = Seen<typeof previewVendor>['data']

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`

/** What other hours do to what is planned, before they are anybody's. Nothing of it is kept yet. */
export function WhatMoves({
  of,
  busy,
  onKeep,
  onClose,
}: {
  readonly of: Foreseen | null
  readonly busy: boolean
  readonly onKeep: () => void
  readonly onClose: () => void
}) {
  return (
    <Dialog
      open={of !== null}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={of === null ? '' : titleOf(of)}
      description="What is planned is planned anew with the change. What was sent stays sent, and you can take it back for ten minutes."
      actions={
        <>
          <Button onClick={onClose}>Leave it as it is</Button>
          <Button look="primary" busy={busy} onClick={onKeep}>
            {busy ? 'Saving' : 'Save and plan anew'}
          </Button>
        </>
      }
    >
      {of !== null && (
        <div className="grid gap-3">
          {of.examples.length > 0 && (
            <ul aria-label="The first of them">
              {of.examples.map((one) => (
                <li
                  key={`${one.client} ${one.journey} ${one.node}`}
                  className="border-t border-border py-2 first:border-t-0"
                >
                  <span className="block">
                    <span className="font-strong">{one.names}</span>, {one.step}
                  </span>
                  <span className="block text-small text-muted-foreground">
                    <Moment at={one.from} zone={one.zone} /> becomes{' '}
                    <span className="text-foreground">
                      {isSameDay(one.from, one.to, one.zone) ? (
                        <span className="tabular-nums">{tellTime(one.to ?? '', one.zone)}</span>
                      ) : (
                        <Moment at={one.to} zone={one.zone} />
                      )}{' '}
                      {cityOf(one.zone)}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {of.moves > of.examples.length && (
            <p className="text-small text-muted-foreground">
              And {counted(of.moves - of.examples.length, 'other', 'others')}.
            </p>
          )}
          {of.late > 0 && (
            <p>
              {of.late.toLocaleString()} of them would lie in the past. After ten minutes each step’s own rule
              says whether it still goes.
            </p>
          )}
          {of.asks > 0 && (
            <p>
              {counted(of.asks, 'step asks', 'steps ask')} you what becomes of {of.asks === 1 ? 'it' : 'them'}
              ; you find {of.asks === 1 ? 'it' : 'them'} under Today.
            </p>
          )}
        </div>
      )}
    </Dialog>
  )
}

const isSameDay = (from: string | null, to: string | null, zone: string): boolean =>
  from !== null && to !== null && dayIn(new Date(from), zone) === dayIn(new Date(to), zone)

const Moment = ({ at, zone }: { readonly at: string | null; readonly zone: string }) => (
  <span className="tabular-nums">{at === null ? 'another day' : tellSoon(at, zone)}</span>
)

function titleOf({ moves, asks, couples }: Foreseen): string {
  const what = moves > 0 ? counted(moves, 'planned step moves', 'planned steps move') : 'Steps need your word'
  return moves + asks === 0 ? what : `${what}, for ${counted(couples, 'couple', 'couples')}`
}
