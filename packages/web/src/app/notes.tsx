/** Where notes appear; what draws them is fetched when the first screen is there, or with the first note if that is sooner. */
import { MantineThemeProvider } from '@mantine/core'
import { useNotifications } from '@mantine/notifications'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './app.module.css'

const AFTER_FIRST_SCREEN_MS = 5_000

const fetchDrawing = () => import('./notes-drawing.ts')
const Drawing = lazy(fetchDrawing)

export function Notes() {
  const { t } = useTranslation()
  const { notifications } = useNotifications()
  const close = t('actions.close')
  const theme = useMemo(
    () => ({ components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } } }),
    [close],
  )
  const [isWanted, want] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => want(true), AFTER_FIRST_SCREEN_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Suspense>
      {(isWanted || notifications.length > 0) && (
        <MantineThemeProvider theme={theme}>
          <Drawing position="bottom-right" limit={3} className={classes.notes} />
        </MantineThemeProvider>
      )}
    </Suspense>
  )
}
