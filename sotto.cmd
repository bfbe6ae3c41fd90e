@echo off
rem The Windows counterpart of ./sotto: builds, then runs. Start with: sotto.cmd help
setlocal EnableExtensions
cd /d "%~dp0"
set COMMAND=%~1
if "%COMMAND%"=="" set COMMAND=run
if "%COMMAND%"=="--help" set COMMAND=help
if "%COMMAND%"=="help" goto help

rem ---- JDK 25
set JDK=
if defined JAVA_HOME call :try_jdk "%JAVA_HOME%"
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\jdk-25*" "%ProgramFiles%\Java\jdk-25*" "%ProgramFiles%\Microsoft\jdk-25*" "%USERPROFILE%\.jdks\*25*") do call :try_jdk "%%~d"
if not defined JDK (
  echo sotto: JDK 25 is needed and was not found.
  echo        Install it with: winget install EclipseAdoptium.Temurin.25.JDK
  exit /b 1
)
set JAVA_HOME=%JDK%

if "%COMMAND%"=="server" goto server

rem ---- Node, for the web part
where node >nul 2>nul
if errorlevel 1 (
  echo sotto: the web part is built with Node.js 20.19 or newer, and it was not found.
  echo        Install it with: winget install OpenJS.NodeJS.LTS
  exit /b 1
)

if "%COMMAND%"=="build" (
  call mvnw.cmd -B package -DskipTests
  goto end
)
if "%COMMAND%"=="test" (
  if "%~2"=="--quick" (call mvnw.cmd -B -Pquick verify) else (call mvnw.cmd -B verify)
  goto end
)
if "%COMMAND%"=="run" goto app
if "%COMMAND%"=="app" goto app
if "%COMMAND%"=="keys" goto app
if "%COMMAND:~0,1%"=="-" goto app
echo sotto: there is no command '%COMMAND%'. sotto.cmd help shows those that there are.
exit /b 1

:app
call mvnw.cmd -B -q -pl backend/app -am package -DskipTests
if errorlevel 1 exit /b 1
if "%COMMAND%"=="app" set COMMAND=run
set FIRST=%COMMAND%
if "%COMMAND:~0,1%"=="-" (set FIRST=run) else (shift)
call :arguments %1 %2 %3 %4 %5 %6 %7 %8 %9
set AOT=backend\app\target\app.aot
set CACHED=
if "%FIRST%"=="run" call :warm_app
if "%FIRST%"=="run" for %%f in (%AOT%) do if %%~zf gtr 0 set CACHED=-XX:AOTCache=%AOT% -Xlog:aot=off,cds=off
"%JAVA_HOME%\bin\java" %CACHED% @backend\app\target\java.args sotto.app.Main %FIRST% %REST%
goto end

rem The app is let start once on a profile that is thrown away, and make a call with itself, so that the JVM keeps its
rem classes ready for the next starts and calls. The build deletes what an earlier one left.
:warm_app
if exist %AOT% exit /b 0
echo Preparing fast starts ...
set WARM=%TEMP%\sotto-%RANDOM%%RANDOM%
"%JAVA_HOME%\bin\java" -XX:AOTCacheOutput=%AOT% -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -Xlog:disable @backend\app\target\java.args sotto.app.Main run --headless --json --end-when-ready --profile "%WARM%" >nul 2>nul
rmdir /s /q "%WARM%" 2>nul
if not exist %AOT% type nul > %AOT%
exit /b 0

:server
call mvnw.cmd -B -q -pl backend/server -am package -DskipTests
if errorlevel 1 exit /b 1
shift
call :arguments %1 %2 %3 %4 %5 %6 %7 %8 %9
"%JAVA_HOME%\bin\java" @backend\server\target\java.args sotto.server.Main %REST%
goto end

:arguments
set REST=%*
exit /b 0

:try_jdk
if not defined JDK if exist "%~1\bin\javac.exe" findstr /b /c:"JAVA_VERSION=\"25" "%~1\release" >nul 2>nul && set JDK=%~1
exit /b 0

:help
echo Sotto: voice and video calls that nobody but the people in the call can listen to.
echo.
echo   sotto.cmd [run]     start the app
echo   sotto.cmd server    run a coordination server alone
echo   sotto.cmd keys      show this profile's fingerprint and key journal
echo   sotto.cmd test      run all tests; --quick for the short ones
echo   sotto.cmd build     build everything
echo.
echo   run, server and keys explain themselves with --help.
exit /b 0

:end
exit /b %ERRORLEVEL%
