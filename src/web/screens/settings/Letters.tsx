import { useQuery } from '@tanstack/react-query'
import { ImageUp } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import { changeBrand, dropLogo, previewBrand, readBrand, setLogo } from '../../../contract/brand.ts'
import { CONTRAST_MIN, contrastOf } from '../../../core/brand.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, isRefused, newKey, type Seen, wordsOf } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { LetterFrame } from '../../letters/LetterFrame.tsx'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { pictureAt, smallPicture } from './picture.ts'

type Brand = Seen<typeof readBrand>['data']
type Words = Omit<Brand, 'logo'>

/** How letters look, with a letter beside it that changes as one types. */
export function Letters() {
  const { vendor, may } = useHere()
  const brand = useQuery(asks(readBrand, { params: { vendor } }))
  const [round, setRound] = useState(0)
  return (
    <Answer of={brand} lines={8}>
      {({ data, etag }) => (
        <BrandForm
          key={`${vendor} ${round} ${data.logo?.url ?? ''}`}
          first={{ of: data, etag }}
          mayChange={may(changeBrand)}
          onOther={() => setRound((now) => now + 1)}
        />
      )}
    </Answer>
  )
}

const wordsIn = ({ logo: _, ...words }: Brand): Words => words
const FACES = [
  { value: 'serif', label: 'Serif' },
  { value: 'sans', label: 'Plain' },
] as const

function BrandForm({
  first,
  mayChange,
  onOther,
}: {
  readonly first: { readonly of: Brand; readonly etag: string | null }
  readonly mayChange: boolean
  readonly onOther: () => void
}) {
  const { vendor } = useHere()
  const [{ of, etag }, setKnown] = useState(first)
  const [words, setWords] = useState<Words>(wordsIn(of))
  const { busy, act } = useDoing()
  const pale = /^#[0-9a-f]{6}$/.test(words.accent) && contrastOf(words.accent, '#ffffff') < CONTRAST_MIN
  const set = (change: Partial<Words>): void => setWords({ ...words, ...change })
  const same = JSON.stringify(words) === JSON.stringify(wordsIn(of))

  const write = async (body: Words, ifMatch: string) => {
    const after = await api(changeBrand, { params: { vendor }, body, ifMatch })
    await askAgain(readBrand)
    return { of: after.data, etag: after.etag }
  }
  const save = () =>
    act(async () => {
      try {
        const before = wordsIn(of)
        const after = await write(words, etag ?? '*')
        setKnown(after)
        toast('Saved: the next email looks like this', {
          undo: () =>
            void write(before, after.etag ?? '*').then(onOther, (error) =>
              toast(wordsOf(error), { failed: true }),
            ),
        })
      } catch (error) {
        if (!isRefused(error, 'changed_meanwhile')) throw error
        await askAgain(readBrand)
        toast(wordsOf(error), { failed: true })
        onOther()
      }
    })
  return (
    <div className="grid gap-6">
      <Section title="The look">
        <div className="grid items-start gap-4 py-2 md:grid-cols-2">
          <Logo of={of} mayChange={mayChange} />
          <Field
            label="Colour of buttons and links"
            error={pale ? 'Too light: white words on it could not be read.' : null}
          >
            <div className="flex gap-2">
              <input
                type="color"
                aria-label="Choose the colour"
                value={words.accent}
                disabled={!mayChange}
                onChange={(event) => set({ accent: event.target.value })}
                className="h-8 w-12 shrink-0 rounded-sm border border-input bg-card touch:h-11"
              />
              <Input
                value={words.accent}
                disabled={!mayChange}
                maxLength={7}
                onChange={(event) => set({ accent: event.target.value.toLowerCase() })}
              />
            </div>
          </Field>
          <div>
            <p className="mb-1 text-small font-strong">Typeface</p>
            <Segmented
              label="Typeface"
              segments={FACES}
              value={words.font}
              onChange={(font) => mayChange && set({ font })}
            />
          </div>
        </div>
      </Section>
      <Section title="The end of an email">
        <div className="grid items-start gap-4 py-2 md:grid-cols-2">
          <Field label="Signature" hint="Under every email.">
            <TextArea
              rows={4}
              value={words.signature}
              disabled={!mayChange}
              maxLength={600}
              onChange={(event) => set({ signature: event.target.value })}
            />
          </Field>
          <Field label="Postal address" hint="The law of most countries wants it in what advertises.">
            <TextArea
              rows={4}
              value={words.postalAddress}
              disabled={!mayChange}
              maxLength={300}
              onChange={(event) => set({ postalAddress: event.target.value })}
            />
          </Field>
          <Field label="Answers go to" hint="Left open: to the address emails come from.">
            <Input
              type="email"
              value={words.replyTo}
              disabled={!mayChange}
              onChange={(event) => set({ replyTo: event.target.value })}
            />
          </Field>
        </div>
      </Section>
      {mayChange && (
        <div>
          <Button look="primary" busy={busy} disabled={same || pale} onClick={save}>
            {busy ? 'Saving' : same ? 'Nothing to save' : 'Save the look'}
          </Button>
        </div>
      )}
      <Section title="An email like this">
        <Sample words={words} />
      </Section>
    </div>
  )
}

function Sample({ words }: { readonly words: Words }) {
  const { vendor } = useHere()
  const body = useDeferredValue(words)
  const sample = useQuery({
    ...asks(previewBrand, { params: { vendor }, body }),
    placeholderData: (before) => before,
    retry: false,
  })
  if (sample.isError && isRefused(sample.error, 'invalid'))
    return (
      <div className="py-2">
        <Banner kind="warning" title={wordsOf(sample.error)} />
      </div>
    )
  return (
    <div className="py-3">
      <Answer of={sample} lines={6}>
        {({ data }) => (
          <LetterFrame html={data.html} title="An email to a couple like any other" width={640} />
        )}
      </Answer>
    </div>
  )
}

function Logo({ of, mayChange }: { readonly of: Brand; readonly mayChange: boolean }) {
  const { vendor } = useHere()
  const file = useRef<HTMLInputElement>(null)
  const { busy, act } = useDoing()
  const bring = (chosen: File | undefined): void => {
    if (!chosen) return
    act(async () => {
      const picture = await smallPicture(chosen)
      if (picture === null) {
        toast('This picture cannot be read. Bring a PNG or a JPEG.')
        return
      }
      const before = of.logo && (await pictureAt(of.logo.url))
      await keep(picture)
      toast('Your letters go with this logo', {
        undo: () =>
          act(async () => {
            if (before) await keep(before)
            else await api(dropLogo, { params: { vendor } })
            await askAgain(readBrand)
          }),
      })
    })
  }
  const keep = async (picture: string): Promise<void> => {
    await api(setLogo, { params: { vendor }, body: { picture } })
    await askAgain(readBrand)
  }
  const isAway = useHeldBack().has('logo')
  const logo = isAway ? null : of.logo
  const drop = () => {
    const key = newKey()
    holdBack({
      ids: ['logo'],
      says: 'Your letters go without the logo',
      does: async () => {
        await api(dropLogo, { params: { vendor }, key })
        await askAgain(readBrand)
      },
    })
  }
  return (
    <div>
      <p className="mb-1 text-small font-strong">Logo</p>
      {logo && (
        <img
          src={logo.url}
          alt="Your logo"
          width={Math.min(180, logo.width)}
          className="mb-2 rounded-sm border border-border bg-[white] p-2"
        />
      )}
      {mayChange && (
        <div className="flex gap-2">
          <input
            ref={file}
            type="file"
            aria-label="Choose a logo"
            accept="image/png,image/jpeg"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => bring(event.target.files?.[0])}
          />
          <Button icon={ImageUp} busy={busy} onClick={() => file.current?.click()}>
            {logo ? 'Bring another' : 'Bring a logo'}
          </Button>
          {logo && (
            <Button look="ghost" onClick={drop}>
              Without
            </Button>
          )}
        </div>
      )}
      {!logo && !mayChange && <p className="text-muted-foreground">None</p>}
    </div>
  )
}
