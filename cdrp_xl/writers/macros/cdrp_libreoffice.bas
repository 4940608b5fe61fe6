Attribute VB_Name = "cdrp_libreoffice"
Option Private Module

' Option Explicit is left out on purpose. ThisComponent is LibreOffice's word for the workbook; Excel has no such word
' and takes it for a variable with nothing in it, which is how the two are told apart.

Public Function InLibreOffice() As Boolean
    InLibreOffice = IsObject(ThisComponent)
End Function

Public Sub RunInLibreOffice(ByVal button As String, ByVal command As String)
    Dim macro As Object
    Dim reason As String
    On Error GoTo Failed
    ' The workbook's own macros can't call the user's by name: LibreOffice hands them out through its script provider.
    Set macro = ThisComponent.getScriptProvider().getScript( _
        "vnd.sun.star.script:Standard.cdrp_xl.RunPython?language=Basic&location=application")
    macro.invoke Array(command, ThisComponent), Array(), Array()
    Exit Sub
Failed:
    reason = Err.Description
    If macro Is Nothing Then
        Tell "LibreOffice has no macro that starts Python, so " & button & " did not run.", _
             "My Macros, Standard, cdrp_xl, RunPython", _
             "close LibreOffice, open a terminal, run  cdrp-xl libreoffice install  and open the workbook again. " & _
             "If that does not help, run  cdrp-xl doctor  to see why."
    Else
        Tell "LibreOffice could not start Python, so " & button & " did not run.", _
             "My Macros, Standard, cdrp_xl, RunPython, which says: " & reason, _
             "open a terminal and run  cdrp-xl doctor  to see what is missing and how to put it right."
    End If
End Sub
