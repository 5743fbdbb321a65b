import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { limitKey, listKeys, makeKey, revokeKey } from '../../../contract/keys.ts'
import { PERMISSION_NAMES, PERMISSIONS, type Permission, roleMay } from '../../../contract/permission.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { missing, problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { asTyped, networksOf, WHENCE } from './networks.ts'
import { ShownOnce } from './ShownOnce.tsx'

type Key = Seen<typeof listKeys>['data']['items'][number]
const LASTS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '731', label: 'Two years' },
]

export function Keys() {
  const { vendor, may } = useHere()
  const keys = useQuery(asks(listKeys, { params: { vendor } }))
  return (
    <>
      {may(makeKey) && <MakeKey />}
      <Section title="For whoever writes the program">
        <div className="grid gap-1 py-2">
          <p>
            Every operation with its fields, its refusals and a request that works stands in the{' '}
            <a href={`/reference?vendor=${vendor}`} className={LINK}>
              API reference
            </a>
            .
          </p>
          <p className="text-small text-muted-foreground">
            Address <code className="font-mono select-all">{`${location.origin}/api/v1`}</code>, business{' '}
            <code className="font-mono [overflow-wrap:anywhere] select-all">{vendor}</code>
          </p>
        </div>
      </Section>
      <Section title="Keys">
        <Answer of={keys}>
          {({ data }) =>
            data.items.length === 0 ? (
              <div className="pt-2">
                <EmptyState title="No program speaks for you yet" level={3}>
                  A website form, a bookkeeping program or a script comes in with a key, and may do what you
                  tick.
                </EmptyState>
              </div>
            ) : (
              <ul>
                {data.items.map((one) => (
                  <KeyRow key={one.id} of={one} mayChange={may(revokeKey)} />
                ))}
              </ul>
            )
          }
        </Answer>
      </Section>
    </>
  )
}

function KeyRow({ of, mayChange }: { readonly of: Key; readonly mayChange: boolean }) {
  const over = of.revoked !== null || (of.expires !== null && Date.parse(of.expires) < Date.now())
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2.5 first:border-t-0">
      <span className="min-w-0 flex-1 basis-56">
        <span className="block truncate">
          <span className="font-strong">{of.name}</span>{' '}
          <code className="font-mono text-small text-muted-foreground">{of.hint}…</code>
        </span>
        <span className="block text-small text-muted-foreground">
          {of.scopes.join(', ')}. {of.networks.length > 0 && `Only from ${asTyped(of.networks)}. `}
          {of.revoked
            ? `Revoked ${tellMoment(of.revoked, hereZone())} ${cityOf(hereZone())}.`
            : of.expires &&
              `${over ? 'Over since' : 'Works until'} ${tellMoment(of.expires, hereZone())} ${cityOf(hereZone())}.`}
        </span>
      </span>
      {mayChange && !over && (
        <span className="flex gap-2">
          <Limit of={of} />
          <Revoke of={of} />
        </span>
      )}
    </li>
  )
}

/** From where it is taken: a key that was carried off opens nothing from elsewhere. */
function Limit({ of }: { readonly of: Key }) {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const { busy, act } = useDoing()
  const set = async (networks: readonly string[]): Promise<void> => {
    await api(limitKey, { params: { vendor, key: of.id }, body: { networks: [...networks] } })
    setOpen(false)
    await askAgain(listKeys)
  }
  const save = async (): Promise<void> => {
    const networks = networksOf(text)
    await set(networks)
    toast(
      networks.length === 0
        ? `“${of.name}” is taken from anywhere`
        : `“${of.name}” is taken only from ${asTyped(networks)}`,
      { undo: () => act(() => set(of.networks)) },
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setText(asTyped(of.networks))
        setOpen(next)
      }}
      trigger={
        <Button size="sm">
          Limit<span className="sr-only"> {of.name}</span>
        </Button>
      }
      title={`From where is “${of.name}” taken?`}
      description="A program that asks from elsewhere is refused from this moment, and told from where it came."
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={() => act(save)}>
            Save
          </Button>
        </>
      }
    >
      <Field {...WHENCE}>
        <Input value={text} autoComplete="off" onChange={({ target }) => setText(target.value)} />
      </Field>
    </Dialog>
  )
}

/** Asks first: a program that stops cannot be brought back by the same key. */
function Revoke({ of }: { readonly of: Key }) {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const { busy, act } = useDoing()
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">Revoke</Button>}
      title={`Revoke “${of.name}”?`}
      description="Whoever uses it is refused from this moment. A program that needs one again gets a new key."
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button
            look="danger"
            busy={busy}
            onClick={() =>
              act(async () => {
                await api(revokeKey, { params: { vendor, key: of.id } })
                setOpen(false)
                await askAgain(listKeys)
                toast(`“${of.name}” opens nothing any more`)
              })
            }
          >
            Revoke the key
          </Button>
        </>
      }
    />
  )
}

function MakeKey() {
  const { vendor, role } = useHere()
  const [scopes, setScopes] = useState<readonly Permission[]>([])
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null)
  const { act } = useDoing()
  const keyOf = useKeyOf()
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        name: missing('A name'),
        password: missing('Your password'),
        scopes: () => (scopes.length === 0 ? 'Tick at least one thing it may do.' : null),
      }),
    ({ name = '', days = '365', networks = '', password = '' }) =>
      triedHere(async () => {
        const body = {
          name: name.trim(),
          scopes: [...scopes],
          days: Number(days),
          networks: networksOf(networks),
          password,
        }
        const { data } = await api(makeKey, { params: { vendor }, body, key: keyOf(body) })
        setSecret({ name: data.name, secret: data.secret })
        setScopes([])
        form.current?.reset()
        await askAgain(listKeys)
        toast(`The key “${data.name}” is made`, {
          undo: () =>
            act(async () => {
              await api(revokeKey, { params: { vendor, key: data.id } })
              setSecret(null)
              await askAgain(listKeys)
              toast(`“${data.name}” opens nothing any more`)
            }),
        })
        return { is: 'done' }
      }),
  )
  return (
    <Section title="Make a key">
      {secret && (
        <ShownOnce
          title={`The key for “${secret.name}”, shown this once`}
          secret={secret.secret}
          onDone={() => setSecret(null)}
        >
          Put it where the program keeps its secrets. It cannot be read again here.
        </ShownOnce>
      )}
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4 py-2">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <div className="grid items-start gap-3 md:grid-cols-[minmax(0,1fr)_160px]">
          <Field label="What is it for?" error={problems.name} required>
            <Input name="name" autoComplete="off" maxLength={100} placeholder="Website form" />
          </Field>
          <Field label="Works for">
            <Select name="days" defaultValue="365" choices={LASTS} />
          </Field>
        </div>
        <Field {...WHENCE} error={problems.networks} optional>
          <Input name="networks" autoComplete="off" />
        </Field>
        <fieldset>
          <legend className="mb-1 text-small font-strong">It may</legend>
          <div className="grid gap-x-6 md:grid-cols-2">
            {PERMISSION_NAMES.filter((one) => roleMay(role, one)).map((one) => (
              <Checkbox
                key={one}
                checked={scopes.includes(one)}
                onChange={(on) => setScopes(on ? [...scopes, one] : scopes.filter((scope) => scope !== one))}
              >
                {PERMISSIONS[one].says}
              </Checkbox>
            ))}
          </div>
          <p aria-live="polite" className="text-small text-danger-text">
            {problems.scopes}
          </p>
        </fieldset>
        <div className="md:max-w-80">
          <Field
            label="Your password, once more"
            hint="Whoever has a key may do what you tick."
            error={problems.password}
            required
          >
            <PasswordInput name="password" autoComplete="current-password" maxLength={128} />
          </Field>
        </div>
        <div>
          <Button type="submit" look="primary" busy={busy}>
            Make the key
          </Button>
        </div>
      </form>
    </Section>
  )
}
