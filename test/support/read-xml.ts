import type { Page } from 'playwright-core'

/** What Chromium makes of XML: the problem that it has with it, its title and description, and all texts that are drawn. */
export const readXml = (page: Page, xml: string) =>
  page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'text/xml')
    const texts = (selector: string) => [...read.querySelectorAll(selector)].map(({ textContent }) => textContent)
    return {
      problem: texts('parsererror').join(),
      title: texts('svg > title').join(),
      about: texts('svg > desc').join(),
      drawn: texts('text'),
      pressable: read.querySelectorAll('[tabindex], [role=button]').length,
      styles: texts('style').join(),
      width: Number(read.documentElement.getAttribute('width')),
      height: Number(read.documentElement.getAttribute('height')),
    }
  }, xml)
