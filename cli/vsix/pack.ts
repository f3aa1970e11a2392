import { zipSync } from "fflate";
import type { ExtensionFiles, ExtensionManifest } from "./extension-files.js";

/** Of the archive and everything in it, so that the same files make the same archive. */
const DATE = new Date("2020-01-01T00:00:00");

const TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".cjs" ContentType="application/javascript"/>
  <Default Extension=".md" ContentType="text/markdown"/>
  <Default Extension=".txt" ContentType="text/plain"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
`;

/** Packs an extension as VS Code installs it: a zip archive with a manifest of its own. */
export function packExtension(files: ExtensionFiles, manifest: ExtensionManifest): Uint8Array {
  const entries: Record<string, Uint8Array> = {
    "extension.vsixmanifest": Buffer.from(vsixManifest(manifest)),
    "[Content_Types].xml": Buffer.from(TYPES),
  };
  for (const [path, content] of files) entries[`extension/${path}`] = content;
  return zipSync(entries, { level: 9, mtime: DATE });
}

function vsixManifest({
  name,
  displayName,
  description,
  publisher,
  version,
  categories,
  engines,
}: ExtensionManifest) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(name)}" Version="${escaped(version)}" Publisher="${escaped(publisher)}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Categories>${escaped(categories.join(","))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
