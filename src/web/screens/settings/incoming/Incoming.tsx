import { useQuery } from '@tanstack/react-query'
import { CirclePause, Ellipsis, KeyRound, Play, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  addIncoming,
  changeIncoming,
  listIncoming,
  readIncoming,
  removeIncoming,
  rotateIncoming,
} from '../../../../contract/incoming.ts'
import { Button, IconButton } from '../../../../ui/Button.tsx'
import { Dialog } from '../../../../ui/Dialog.tsx'
import { EmptyState } from '../../../../ui/EmptyState.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Menu } from '../../../../ui/Menu.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { StatusPill } from '../../../../ui/StatusPill.tsx'
import { LINK, Section } from '../../../../ui/Type.tsx'
import { toast } from '../../../../ui/toasts.ts'
import { Answer } from '../../../Answer.tsx'
import { api, askAgain, asks } from '../../../api.ts'
import { useHere } from '../../../session.ts'
import { useActs } from '../../../shell/commands.ts'
import { cityOf, hereZone, tellMoment } from '../../../times.ts'
import { useDoing } from '../../../useDoing.ts'
import { useKeyOf } from '../../../useKeyOf.ts'
import { asTyped } from '../networks.ts'
import { CopyButton, ShownOnce } from '../ShownOnce.tsx'
import { AddressForm } from './AddressForm.tsx'
import { type Address, newDraft, toldAs } from './draft.ts'
import { LastCalls } from './LastCalls.tsx'

type Secret = { readonly name: string; readonly secret: string }

/** The addresses that other systems call: made, changed, paused, and what became of their last calls. */
export function Incoming() {
  const { vendor, may } = useHere()
  const addresses = useQuery(asks(listIncoming, { params: { vendor } }))
  const [secret, setSecret] = useState<Secret | null>(null)
  const add = may(addIncoming) ? <Add onMade={setSecret} /> : null
  return (
    <>
      {secret && (
        <ShownOnce
          title={`The secret of “${secret.name}”, shown this once`}
          secret={secret.secret}
          onDone={() => setSecret(null)}
        >
          Put it into the other system: it signs its calls with it. It cannot be read again here.
        </ShownOnce>
      )}
      <Section title="Addresses" meta={addresses.data?.data.items.length ? add : null}>
        <Answer of={addresses}>
          {({ data }) =>
            data.items.length === 0 ? (
              <div className="pt-2">
                <EmptyState title="No other system calls you yet" level={3} action={add}>
                  The form of your website, a payment or a booking tool calls an address of its own here; each
                  call finds its couple, or adds it, and a journey begins or goes on.
                </EmptyState>
              </div>
            ) : (
              <ul>
                {data.items.map((one) => (
                  <Row key={one.id} of={one} onSecret={setSecret} />
                ))}
              </ul>
            )
          }
        </Answer>
      </Section>
      <Section title="For whoever sets the other system up">
        <p className="py-2">
          It posts JSON to the address and signs it by{' '}
          <a href="https://www.standardwebhooks.com" className={LINK} rel="noreferrer">
            Standard Webhooks
          </a>
          , as many tools do by themselves; a call that works in a terminal stands in the{' '}
          <a href={`/reference?vendor=${vendor}#incoming-calls`} className={LINK}>
            API reference
          </a>
          . The same call may come again as often as it likes: it is taken once.
        </p>
      </Section>
    </>
  )
}

function Row({ of, onSecret }: { readonly of: Address; readonly onSecret: (secret: Secret) => void }) {
  const { may } = useHere()
  const zone = hereZone()
  return (
    <li className="grid gap-1.5 border-t border-border py-3 first:border-t-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-strong">{of.name}</span>
        <StatusPill of={of.paused ? 'paused' : 'active'} />
        <span className="text-small text-muted-foreground">
          Each call becomes: {toldAs(of.becomes)}.{' '}
          {of.networks.length > 0 && `Only from ${asTyped(of.networks)}. `}
          {of.olderUntil &&
            `The secret before is taken until ${tellMoment(of.olderUntil, zone)} ${cityOf(zone)}.`}
        </span>
      </p>
      <p className="flex flex-wrap items-center gap-2">
        <code className="min-w-0 font-mono text-small [overflow-wrap:anywhere] select-all">{of.url}</code>
        <CopyButton text={of.url} label={`Copy the address of ${of.name}`} />
      </p>
      <div className="flex flex-wrap gap-2">
        <LastCalls of={of} />
        {may(changeIncoming) && (
          <>
            <Change of={of} />
            <More of={of} onSecret={onSecret} />
          </>
        )}
      </div>
    </li>
  )
}

function Add({ onMade }: { readonly onMade: (secret: Secret) => void }) {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const keyOf = useKeyOf()
  useActs([{ label: 'Make an address', icon: Plus, run: () => setOpen(true) }])
  return (
    <>
      <Button icon={Plus} look="primary" size="sm" onClick={() => setOpen(true)}>
        Make an address
      </Button>
      {open && (
        <AddressForm
          title="An address for another system"
          from={newDraft}
          verb="Make the address"
          onClose={() => setOpen(false)}
          onSave={async (body) => {
            const { data } = await api(addIncoming, { params: { vendor }, body, key: keyOf(body) })
            await askAgain(listIncoming)
            onMade({ name: data.name, secret: data.secret })
          }}
        />
      )}
    </>
  )
}

function Change({ of }: { readonly of: Address }) {
  const { vendor } = useHere()
  const params = { vendor, incoming: of.id }
  const [seen, setSeen] = useState<{ readonly address: Address; readonly etag: string } | null>(null)
  const { busy, act } = useDoing()
  return (
    <>
      <Button
        size="sm"
        busy={busy}
        aria-label={`Change ${of.name}`}
        onClick={() =>
          act(async () => {
            const { data, etag } = await api(readIncoming, { params })
            setSeen({ address: data, etag: etag ?? '*' })
          })
        }
      >
        Change
      </Button>
      {seen && (
        <AddressForm
          title={`What calls of “${of.name}” become`}
          from={{
            name: seen.address.name,
            becomes: seen.address.becomes,
            networks: seen.address.networks,
          }}
          verb="Save"
          onClose={() => setSeen(null)}
          onSave={async (body) => {
            await api(changeIncoming, { params, body, ifMatch: seen.etag })
            await askAgain(listIncoming)
            toast(`“${body.name}” is changed`)
          }}
        />
      )}
    </>
  )
}

/** What one does seldom. */
function More({ of, onSecret }: { readonly of: Address; readonly onSecret: (secret: Secret) => void }) {
  const { vendor } = useHere()
  const { act } = useDoing()
  const [asked, setAsked] = useState<'secret' | 'remove' | null>(null)
  const set = async (paused: boolean): Promise<void> => {
    await api(changeIncoming, { params: { vendor, incoming: of.id }, body: { paused }, ifMatch: '*' })
    await askAgain(listIncoming)
  }
  const pause = async (): Promise<void> => {
    await set(true)
    toast(`“${of.name}” asks its callers to come again later`, { undo: () => act(() => set(false)) })
  }
  const close = (): void => setAsked(null)
  return (
    <>
      <Menu
        align="start"
        trigger={<IconButton look="ghost" size="sm" icon={Ellipsis} label={`More for ${of.name}`} />}
        items={[
          of.paused
            ? { label: 'Open again', icon: Play, onSelect: () => act(() => set(false)) }
            : { label: 'Pause', icon: CirclePause, onSelect: () => act(pause) },
          { label: 'New secret …', icon: KeyRound, onSelect: () => setAsked('secret') },
          'line',
          { label: 'Remove …', icon: Trash2, danger: true, onSelect: () => setAsked('remove') },
        ]}
      />
      {asked === 'secret' && <NewSecret of={of} onSecret={onSecret} onClose={close} />}
      {asked === 'remove' && <Remove of={of} onClose={close} />}
    </>
  )
}

const OVERLAPS = [
  { value: '24', label: 'A day' },
  { value: '168', label: 'A week' },
  { value: '1', label: 'An hour' },
  { value: '0', label: 'Not at all: it has become known' },
]

function NewSecret({
  of,
  onSecret,
  onClose,
}: {
  readonly of: Address
  readonly onSecret: (secret: Secret) => void
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const [hours, setHours] = useState('24')
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const make = async (): Promise<void> => {
    const body = { overlapHours: Number(hours) }
    const { data } = await api(rotateIncoming, {
      params: { vendor, incoming: of.id },
      body,
      key: keyOf(body),
    })
    onClose()
    await askAgain(listIncoming)
    onSecret({ name: data.name, secret: data.secret })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`A new secret for “${of.name}”`}
      description="Both are taken for a while, so that no call is lost until the other system has the new one."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={() => act(make)}>
            Make a new secret
          </Button>
        </>
      }
    >
      <Field label="How long the one it has now is still taken">
        <Select value={hours} choices={OVERLAPS} onChange={({ target }) => setHours(target.value)} />
      </Field>
    </Dialog>
  )
}

/** Asks first: a system that calls in vain does not know of a way back. */
function Remove({ of, onClose }: { readonly of: Address; readonly onClose: () => void }) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const remove = async (): Promise<void> => {
    await api(removeIncoming, { params: { vendor, incoming: of.id } })
    onClose()
    await askAgain(listIncoming)
    toast(`Nobody is heard at “${of.name}” any more`)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove “${of.name}”?`}
      description="Whoever calls it is refused from this moment, and its secrets are worth nothing. What it has told stays. To stop for a while, pause it."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={busy} onClick={() => act(remove)}>
            Remove the address
          </Button>
        </>
      }
    />
  )
}
