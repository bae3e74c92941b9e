import { ActionIcon, Code, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './copyable.module.css'

/** A key, a link or a piece of code to take along. */
export function Copyable({ text, isBlock = false }: { readonly text: string; readonly isBlock?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={classes.copyable}>
      <Code block={isBlock} className={classes.text}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('actions.copied') : t('actions.copy')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('actions.copy')} onClick={copy}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  )
}
