import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { en } from "#web/words/en.ts";
import { ja } from "#web/words/ja.ts";

/** 藍: the only accent, for action and selection. */
const indigo: MantineColorsTuple = ["#eef3fa", "#dbe6f4", "#b5cbe8", "#8db4ea", "#5f8fce", "#3d70b2", "#1d4f8b", "#184477", "#133862", "#0e2b4d"];
/** Refusals and loss. */
const red: MantineColorsTuple = ["#fbe9ea", "#f6d0d4", "#eeb0b7", "#f28b94", "#dc5867", "#c2324a", "#a3152a", "#8b1124", "#730e1e", "#5b0b18"];

/** Sizes, colours and defaults of every part. The values of the tokens stand in theme.css, light and dark. */
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.5", sm: "1.6", md: "1.6", lg: "1.6", xl: "1.5" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "2px", sm: "3px", md: "4px", lg: "6px", xl: "8px" },
  defaultRadius: "sm",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.5" },
      h2: { fontSize: "1rem", lineHeight: "1.5" },
      h3: { fontSize: "0.875rem", lineHeight: "1.6" },
    },
  },
  colors: { indigo, red },
  primaryColor: "indigo",
  primaryShade: { light: 6, dark: 5 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "md" } },
    // Locking the page's scroll would need an injected style sheet that the content security policy refuses.
    // A transition would put the dialog, and with it the focus, off by some frames; its coming is drawn by theme.css instead.
    Modal: {
      defaultProps: { lockScroll: false, attributes: { header: { role: "presentation" } }, centered: true, radius: "md", transitionProps: { duration: 0 } },
    },
    Drawer: { defaultProps: { lockScroll: false, attributes: { header: { role: "presentation" } }, transitionProps: { duration: 120 } } },
    Notification: { defaultProps: () => ({ closeButtonProps: { "aria-label": (document.documentElement.lang === "en" ? en : ja).act.close } }) },
    Popover: { defaultProps: { shadow: "sm", transitionProps: { duration: 80 } } },
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    "--mantine-color-body": "var(--plaster)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-soft)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-placeholder": "var(--ink-soft)",
    "--mantine-color-anchor": "var(--indigo)",
    "--mantine-color-error": "var(--red)",
    "--mantine-color-gray-light-color": "var(--ink)",
    "--mantine-color-disabled-color": "var(--ink-soft)",
  };
  return { variables: {}, light: both, dark: both };
};
