# Makes a folder or an installer for Windows with jpackage, after `sotto.cmd build`:
#   installers\windows.ps1 [-Type app-image|msi] [-Into FOLDER]
# Expects JAVA_HOME to be JDK 25.
param([string]$Type = "app-image", [string]$Into = "$PSScriptRoot\target")
$ErrorActionPreference = "Stop"
$root = Split-Path $PSScriptRoot
$line = Select-String -Path "$root\backend\app\target\java.args" -Pattern '^-cp "(.*)"$'
$jars = $line.Matches[0].Groups[1].Value.Split(";")
$work = New-Item -ItemType Directory (Join-Path $env:TEMP ([guid]::NewGuid()))
try {
  $lib = New-Item -ItemType Directory "$work\jars"
  $chromium = New-Item -ItemType Directory "$work\chromium"
  foreach ($jar in $jars) {
    if ((Split-Path $jar -Leaf) -like "jcef-natives-*") {
      # A jar around a tar.gz: unpacked here, so that nothing is unpacked at first start. Windows' tar reads both.
      $outer = New-Item -ItemType Directory "$work\natives"
      tar -xf $jar -C $outer
      Get-ChildItem $outer -Filter *.tar.gz | ForEach-Object { tar -xzf $_.FullName -C $chromium }
    } else {
      Copy-Item $jar $lib
    }
  }
  & "$env:JAVA_HOME\bin\jpackage" --type $Type --name Sotto --app-version 0.1.0 --vendor Sotto --dest $Into `
    --input $lib --main-jar (Split-Path $jars[0] -Leaf) --main-class sotto.app.Main --app-content $chromium `
    --java-options "--enable-native-access=ALL-UNNAMED" `
    --java-options "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn" `
    --java-options "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=error" `
    --java-options '-Dsotto.chromium.folder=$APPDIR/../chromium'
} finally {
  Remove-Item -Recurse -Force $work
}
