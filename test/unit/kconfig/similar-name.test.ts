import { describe, expect, it } from 'vitest'
import { similarName } from '../../../src/kconfig/similar-name.ts'

describe('similarName', () => {
  it('finds the name with a character more, a character less, or two swapped', () => {
    const names = ['REGMAP_I2C', 'CODEC_BUS', 'ARCH_BOARDS']
    expect(similarName('REGMAP_I2CC', names)).toBe('REGMAP_I2C')
    expect(similarName('CODE_BUS', names)).toBe('CODEC_BUS')
    expect(similarName('ARCH_BORADS', names)).toBe('ARCH_BOARDS')
  })

  it('takes no other letter or number for a slip', () => {
    expect(similarName('USB_OHCI_SH', ['USB_EHCI_SH'])).toBeNull()
    expect(similarName('SND_RT5640', ['SND_RT5645', 'SND_RT564'])).toBeNull()
  })

  it('chooses none of several, and none for a short name', () => {
    expect(similarName('CODEC_BUS', ['CODEC_BUSS', 'CODECS_BUS'])).toBeNull()
    expect(similarName('PCI', ['PCIE'])).toBeNull()
  })
})
