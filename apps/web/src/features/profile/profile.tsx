import type { ReactNode } from 'react'
import { useMe } from '../../hooks/use-client.tsx'
import { profileText } from '../../i18n/profile.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Appearance } from './parts/appearance.tsx'
import { Availability } from './parts/availability.tsx'
import { Devices } from './parts/devices.tsx'
import { Picture } from './parts/picture.tsx'
import { PasswordForm } from './parts/password-form.tsx'
import { ProfileForm } from './parts/profile-form.tsx'
import { Reading } from './parts/reading.tsx'
import { SignOut } from './parts/sign-out.tsx'

/** Oneself: profile, who sees one, appearance, password, devices, signing out. */
export function Profile({ onClose }: { onClose: () => void }) {
  const t = useT(profileText)
  const me = useMe()
  const formats = useFormats()
  return (
    <Dialog title={t.title} onClose={onClose} className="sm:w-[36rem]">
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">
        <Section title={t.profile}>
          <Picture />
          <ProfileForm />
        </Section>
        <Section title={t.availability}>
          <Availability />
        </Section>
        <Section title={t.appearance}>
          <Appearance />
        </Section>
        <Section title={t.conversations}>
          <Reading />
        </Section>
        <Section title={t.security}>
          <PasswordForm />
        </Section>
        <Section title={t.devices}>
          <Devices />
        </Section>
        <div className="mt-7 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-border pt-5">
          <p className="text-secondary text-text3">
            @{me.username} · {t.memberSince(formats.date(me.createdAt))}
          </p>
          <SignOut />
        </div>
      </div>
    </Dialog>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-border pt-1 not-first:mt-7 not-first:border-t not-first:pt-5">
      <h3 className="mb-4 text-list font-strong">{title}</h3>
      {children}
    </section>
  )
}
