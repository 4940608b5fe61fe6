@echo off
rem Installs cdrp-xl from this folder, without a network, for you alone.
cd /d "%~dp0"
if exist "python\python.exe" (
  "python\python.exe" install.py
  goto end
)
for %%v in (3.13 3.12 3.11) do (
  py -%%v -c "pass" >nul 2>nul && (
    py -%%v install.py
    goto end
  )
)
python -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" >nul 2>nul && (
  python install.py
  goto end
)
type "READ ME FIRST.txt"
echo No Python 3.11, 3.12 or 3.13 was found. What to ask IT for is above, under "If there is no Python".
:end
pause
